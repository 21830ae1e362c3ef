import { loadConfig, systemClock } from '@oriel/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { querySettings } from '../config.ts'
import { type FixtureRow, type FixtureStore, startFixtureStore } from '../testing/index.ts'
import { aggregateEvents } from './aggregate-events.ts'
import { drawHeatmap } from './draw-heatmap.ts'
import { ingestStatus } from './ingest-status.ts'
import { listFields, listFieldValues } from './list-fields.ts'
import { listMetrics, listSeries } from './list-metrics.ts'
import { listOperations, listServices } from './list-services.ts'
import { listTraces } from './list-traces.ts'
import { queryMetric } from './query-metric.ts'
import { readEvent, readSpan } from './read-event.ts'
import { readTrace } from './read-trace.ts'
import { Reader } from './reader.ts'
import { runSql } from './run-sql.ts'
import { searchEvents } from './search-events.ts'

const startMs = Date.UTC(2026, 0, 15, 12, 0, 0)
const hour = { from: startMs, to: startMs + 3_600_000 }
const traceId = '000102030405060708090a0b0c0d0e0f'
const dateTime = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '')

let store: FixtureStore
let reader: Reader
let completeThroughMs = startMs + 3_600_000

const spanRow = (index: number, given: FixtureRow = {}): FixtureRow => ({
  tenant: 'a',
  signal: 'span',
  time: dateTime(startMs + index * 1000),
  ingest_time: dateTime(startMs + index * 1000 + 500),
  service: index % 2 === 0 ? 'checkout' : 'cart',
  name: 'GET /',
  kind: 'server',
  status: index % 5 === 0 ? 'error' : 'ok',
  duration_ns: 1_000_000 * (index + 1),
  trace_id: `sql:unhex('${traceId}')`,
  span_id: `sql:unhex('${index.toString(16).padStart(16, '0')}')`,
  attr_str: { region: `r${index % 7}` },
  attr_num: { size: index },
  attr_bool: { cached: index % 2 === 0 },
  weight: 1,
  th: '0',
  resource_id: 7,
  block_id: 1,
  row_no: index,
  ...given,
})

const open = (tenant = 'a', signal?: AbortSignal) =>
  reader.open({ tenant, requestId: 'request-1', ...(signal === undefined ? {} : { signal }) })

beforeAll(async () => {
  store = await startFixtureStore()
  const settings = loadConfig([querySettings], { overrides: { 'query.timeMax': '5s' } }).get(querySettings)
  reader = new Reader({
    engine: store.engine,
    clock: { ...systemClock, nowMs: () => startMs + 3_600_000 },
    completeness: { completeThroughMs: () => completeThroughMs },
    settings,
  })
  await store.insert(
    'events',
    Array.from({ length: 100 }, (_, index) => spanRow(index)),
  )
  await store.insert('events', [
    spanRow(100, { weight: 0, block_id: 2, row_no: 0, attr_str: { region: 'context' } }),
    spanRow(101, { weight: 4.5, block_id: 2, row_no: 1, attr_str: { region: 'weighted' } }),
    spanRow(3, { block_id: 3, row_no: 0, weight: 0 }),
    spanRow(5, { tenant: 'b', block_id: 4, row_no: 0, service: 'secret' }),
  ])
  await store.insert('resources', [
    {
      tenant: 'a',
      day: '2026-01-15',
      resource_id: 7,
      service: 'checkout',
      attr_str: { 'service.version': '1.2.3', host: 'h1' },
      last_seen: dateTime(startMs),
    },
  ])
  await store.insert('trace_index', [
    {
      tenant: 'a',
      trace_id: `sql:unhex('${traceId}')`,
      day: '2026-01-15',
      start: dateTime(startMs),
      end: dateTime(startMs + 102_000),
      spans: 103,
      errors: 21,
      root_service: 'checkout',
      root_name: 'GET /',
    },
  ])
  await store.insert('red_minute', [
    {
      tenant: 'a',
      minute: dateTime(startMs).slice(0, 19),
      signal: 'span',
      service: 'checkout',
      name: 'GET /',
      kind: 'server',
      rows: 60,
      weight: 60,
      error_weight: 6,
      duration_buckets: 'sql:map(toInt16(320), 54., toInt16(400), 6.)',
    },
    {
      tenant: 'a',
      minute: dateTime(startMs).slice(0, 19),
      signal: 'span',
      service: 'checkout',
      name: 'SELECT',
      kind: 'client',
      rows: 60,
      weight: 60,
      error_weight: 6,
      duration_buckets: 'sql:map(toInt16(300), 60.)',
    },
    {
      tenant: 'b',
      minute: dateTime(startMs).slice(0, 19),
      signal: 'span',
      service: 'secret',
      name: 'GET /',
      kind: 'server',
      rows: 60,
      weight: 60,
      error_weight: 6,
      duration_buckets: 'sql:map(toInt16(320), 54.)',
    },
  ])
  const catalogue = {
    tenant: 'a',
    hour: dateTime(startMs).slice(0, 19),
    signal: 'span',
    scope: 'attribute',
    service: 'checkout',
    key: 'region',
    type: 'string',
  }
  await store.insert('attribute_catalogue', [
    { ...catalogue, value: '', rows: 100 },
    { ...catalogue, scope: 'resource', key: 'host', value: '', rows: 100 },
    { ...catalogue, value: 'r1', rows: 60 },
    { ...catalogue, value: 'r2', rows: 40 },
  ])
  const counter = { tenant: 'a', metric: 'requests' }
  await store.insert('metric_series', [
    {
      ...counter,
      day: '2026-01-15',
      series_id: 1,
      type: 'sum',
      temporality: 'cumulative',
      monotonic: true,
      unit: '1',
      service: 'cart',
      attr_str: { zone: 'z1' },
      last_seen: dateTime(startMs),
    },
    {
      tenant: 'a',
      metric: 'memory',
      day: '2026-01-15',
      series_id: 2,
      type: 'gauge',
      unit: 'By',
      service: 'cart',
      last_seen: dateTime(startMs),
    },
    {
      tenant: 'a',
      metric: 'latency',
      day: '2026-01-15',
      series_id: 3,
      type: 'histogram',
      temporality: 'delta',
      unit: 'ms',
      service: 'cart',
      last_seen: dateTime(startMs),
    },
  ])
  const point = (seconds: number, value: number, start = startMs - 1000) => ({
    ...counter,
    series_id: 1,
    time: dateTime(startMs + seconds * 1000),
    start_time: dateTime(start),
    value_type: 'double',
    value,
  })
  await store.insert('metric_points', [
    point(0, 100),
    point(60, 160),
    point(120, 10, startMs + 61_000),
    point(180, 40, startMs + 61_000),
    {
      tenant: 'a',
      metric: 'latency',
      series_id: 3,
      time: dateTime(startMs + 1000),
      count: 100,
      sum: 1000,
      bounds: [10, 20],
      bucket_counts: [50, 50, 0],
    },
  ])
  await store.insert('ingest_minute', [
    {
      tenant: 'a',
      minute: dateTime(startMs).slice(0, 19),
      signal: 'span',
      outcome: 'accepted',
      requests: 3,
      items: 103,
      bytes: 1000,
    },
  ])
}, 60_000)

afterAll(async () => {
  await store?.stop()
})

describe('search', () => {
  test('newest first, all pages together are every row once, while rows arrive between the pages', async () => {
    completeThroughMs = startMs + 600_000
    const seen: string[] = []
    let cursor: string | undefined
    let page = 0
    do {
      const answer = await searchEvents(open(), {
        ...hour,
        limit: 20,
        ...(cursor === undefined ? {} : { cursor }),
      })
      seen.push(...answer.events.map((event) => event.id))
      cursor = answer.nextCursor
      page += 1
      // received after the snapshot, but older than what the next page shows
      await store.insert('events', [
        spanRow(10, {
          ingest_time: dateTime(startMs + 700_000),
          block_id: 90 + page,
          row_no: 0,
          tenant: 'a',
          name: 'late',
          weight: 0,
        }),
      ])
    } while (cursor !== undefined)
    expect(page).toBe(6)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(103)
    expect(seen[0]).toBe('2:1')
    completeThroughMs = startMs + 3_600_000
  })

  test('a predicate, chosen attributes and the oldest first', async () => {
    const answer = await searchEvents(open(), {
      ...hour,
      where: 'region = "r3" and status = ok',
      order: 'oldest',
      limit: 2,
      attributes: ['region'],
    })
    expect(answer.events.map((event) => event.id)).toEqual(['1:3', '3:0'])
    expect(answer.events[0]?.attributes).toEqual({ region: 'r3' })
    expect(answer.meta.sampling).toBe('weighted')
  })
})

describe('aggregate', () => {
  test('context of weight 0 is never counted, a weight counts as many', async () => {
    const { groups, meta } = await aggregateEvents(open(), {
      ...hour,
      aggregates: [{ op: 'count' }, { op: 'avg', field: 'size' }, { op: 'max', field: 'size' }],
    })
    expect(groups[0]?.totals[0]).toBe(104.5)
    // row 100 has the larger size, but stands for nothing
    expect(groups[0]?.totals[2]).toBe(101)
    expect(meta.sampling).toBe('weighted')
  })

  test('top groups, the rest as other, and series that add up to the totals', async () => {
    const answer = await aggregateEvents(open(), {
      ...hour,
      aggregates: [
        { op: 'count' },
        { op: 'percentile', field: 'duration', p: 0.5 },
        { op: 'distinct', field: 'name' },
        { op: 'error_rate' },
        { op: 'sum', field: 'size' },
      ],
      groupBy: ['region'],
      top: 2,
      stepMs: 60_000,
    })
    expect(answer.groups.map((group) => group.key)).toEqual([['r0'], ['r1'], [null]])
    expect(answer.groups[2]?.other).toBe(true)
    expect(answer.groupsTotal).toBe(8)
    for (const group of answer.groups) {
      const sum = group.series?.[0]?.reduce<number>((total, value) => total + (value ?? 0), 0)
      expect(sum).toBe(group.totals[0])
    }
    expect(answer.groups[0]?.totals[0]).toBe(15)
    // 1 ms × (7 k + 1), k = 0..14: the middle is 50 ms, read from buckets of 4.4 %
    expect(Math.abs((answer.groups[0]?.totals[1] ?? 0) / 50e6 - 1)).toBeLessThan(0.03)
  })

  test('several fields, typed keys', async () => {
    const answer = await aggregateEvents(open(), {
      ...hour,
      aggregates: [{ op: 'rate' }],
      groupBy: ['cached', 'service', 'host'],
    })
    // 54.5 against 50: the weighted row is of cart
    expect(answer.groups.map((group) => group.key)).toEqual([
      [false, 'cart', 'h1'],
      [true, 'checkout', 'h1'],
    ])
  })
})

test('heatmap', async () => {
  const answer = await drawHeatmap(open(), { ...hour })
  expect(answer.cells.reduce((sum, cell) => sum + cell[2], 0)).toBe(104.5)
})

describe('trace', () => {
  test('in pages, duplicates left out and counted', async () => {
    const first = await readTrace(open(), { traceId, limit: 60 })
    expect(first.spans).toHaveLength(60)
    expect(first.meta.cuts[0]?.what).toBe('60 of 102 spans, in start order')
    const second = await readTrace(open(), { traceId, limit: 60, after: first.nextAfter })
    expect(second.spans).toHaveLength(42)
    expect(second.duplicateSpans).toBeGreaterThan(0)
    const whole = await readTrace(open(), { traceId })
    expect(whole.spans).toEqual([...first.spans, ...second.spans])
    expect(whole).toMatchObject({
      spanCount: 102,
      errorCount: first.errorCount,
      duplicateSpans: first.duplicateSpans,
    })
    const span = await readSpan(open(), { traceId, spanId: '0000000000000007' })
    expect(span.span.resource).toEqual({ 'service.version': '1.2.3', host: 'h1' })
    const event = await readEvent(open(), { id: span.span.id, timeNs: span.span.timeNs })
    expect(event.span).toEqual(span.span)
  })

  test('traces newest first, with and without a predicate', async () => {
    expect((await listTraces(open(), hour)).traces[0]).toMatchObject({
      traceId,
      spanCount: 103,
      rootService: 'checkout',
    })
    expect((await listTraces(open(), { ...hour, where: 'service = cart' })).traces).toHaveLength(1)
    expect((await listTraces(open(), { ...hour, where: 'service = nobody' })).traces).toHaveLength(0)
  })
})

test('services, operations', async () => {
  const { services } = await listServices(open(), hour)
  expect(services).toHaveLength(1)
  expect(services[0]).toMatchObject({
    service: 'checkout',
    basis: 'entry',
    requests: 60,
    errors: 6,
    errorRatio: 0.1,
    version: '1.2.3',
  })
  const { operations } = await listOperations(open(), { ...hour, service: 'checkout' })
  expect(operations.map((operation) => operation.name)).toEqual(['GET /', 'SELECT'])
})

test('fields and values', async () => {
  const { fields } = await listFields(open(), { ...hour, prefix: 're' })
  expect(fields).toEqual([{ name: 'region', scope: 'attribute', type: 'string', rows: 100 }])
  const values = await listFieldValues(open(), { ...hour, name: 'region' })
  expect(values.values).toEqual([
    { value: 'r1', rows: 60 },
    { value: 'r2', rows: 40 },
  ])
  expect(values.highCardinality).toBe(false)
  const services = await listFieldValues(open(), { ...hour, name: 'service' })
  expect(services.values).toEqual([{ value: 'checkout', rows: 120 }])
})

test('metrics: resets are found, gauges refuse a rate, percentiles are interpolated', async () => {
  expect((await listMetrics(open(), hour)).metrics.map((metric) => metric.metric)).toEqual([
    'latency',
    'memory',
    'requests',
  ])
  expect((await listSeries(open(), { ...hour, metric: 'requests' })).series[0]?.attributes).toEqual({
    zone: 'z1',
  })
  const increase = await queryMetric(open(), {
    ...hour,
    metric: 'requests',
    op: 'increase',
    stepMs: 60_000,
    groupBy: ['zone'],
    where: 'zone = z1',
  })
  expect(increase.groups[0]?.key).toEqual(['z1'])
  expect(increase.groups[0]?.values.slice(0, 4)).toEqual([null, 60, 10, 30])
  await expect(queryMetric(open(), { ...hour, metric: 'memory', op: 'rate' })).rejects.toThrow(
    'rate of gauge metric memory has no meaning',
  )
  const percentile = await queryMetric(open(), {
    ...hour,
    metric: 'latency',
    op: 'percentile',
    p: 0.75,
    stepMs: 3_600_000,
  })
  expect(percentile.groups[0]?.values[0]).toBe(15)
})

test('ingest status', async () => {
  const state = {
    journal: () => ({ bytes: 5, bytesMax: 10, rows: 1, oldestReceivedAtMs: startMs }),
    deadLetterCount: async () => 2,
    diskFreeBytes: async () => 9,
  }
  const answer = await ingestStatus(open(), hour, state)
  expect(answer.minutes[0]).toMatchObject({ signal: 'span', items: 103 })
  expect(answer.journal).toEqual({ bytes: 5, bytesMax: 10, rows: 1, lagMs: 3_600_000, deadLetters: 2 })
  expect(answer.stored.metric).toBe(0)
})

describe('tenants', () => {
  test('another tenant sees nothing of it', async () => {
    expect((await searchEvents(open('b'), hour)).events.map((event) => event.service)).toEqual(['secret'])
    await expect(readTrace(open('b'), { traceId })).rejects.toThrow('is not stored')
    expect((await listServices(open('b'), hour)).services.map((service) => service.service)).toEqual([
      'secret',
    ])
    expect((await listFields(open('b'), { ...hour, prefix: 're' })).fields).toEqual([])
  })

  test('a statement that names no tenant, or binds its own, is refused', async () => {
    await expect(open().read({ sql: 'SELECT 1 FROM events', params: {} })).rejects.toThrow('names no tenant')
    await expect(open().read({ sql: 'SELECT {tenant:String}', params: { tenant: 'b' } })).rejects.toThrow(
      'bound its own tenant',
    )
  })
})

test('expert sql', async () => {
  const answer = await runSql(open(), { sql: 'select tenant, count() as c from events group by tenant' })
  expect(answer.columns.map((column) => column.name)).toEqual(['tenant', 'c'])
  expect(answer.rows.map((row) => row[0])).toEqual(['a'])
})
