import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OrielError, systemClock } from '@oriel/core'
import { ChdbEngine, migrateTelemetry } from '@oriel/storage'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ByteBuffer } from '../../encode/byte-buffer.ts'
import { TableSet } from '../../encode/tables/table-set.ts'
import { type DecodeContext, defaultDecodeLimits } from '../decode-context.ts'
import { otlpJsonToProtobuf } from '../json/transcode.ts'
import { decodeWideEvents } from '../wide-events/decode-wide-events.ts'
import { decodeMetrics } from './decode-metrics.ts'

const receivedAtMs = Date.UTC(2026, 10, 23, 12)
const time = `${receivedAtMs - 1000}000123`
const limits = { timeMs: 10_000, memoryBytes: 1e9 }
let engine: ChdbEngine
let directory = ''
let tenants = 0

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oriel-metrics-'))
  engine = new ChdbEngine({ directory, clock: systemClock, queryConnections: 1, threads: 'unchecked' })
  await engine.start()
  await migrateTelemetry(engine)
})

afterAll(async () => {
  await engine.stop()
  await rm(directory, { recursive: true, force: true })
})

function freshContext(): DecodeContext {
  const tenant = `tenant${tenants++}`
  return { tenant, receivedAtMs, limits: defaultDecodeLimits, tables: new TableSet(), redactor: undefined }
}

/** Seals what was decoded, inserts it, and reads the columns back. */
async function readBack(
  context: DecodeContext,
  table: 'metric_points' | 'metric_series' | 'events',
  columns: string,
) {
  const { metricPoints, metricSeries, events } = context.tables
  const from = { metric_points: metricPoints, metric_series: metricSeries, events }[table]
  const bytes = from.finish(new ByteBuffer(), 7, tenants)
  await engine.insert({
    table,
    columns: from.columnNames,
    source: { kind: 'bytes', chunks: [bytes] },
    token: `${context.tenant}-${table}`,
    settings: {},
  })
  const { rows } = await engine.query<Record<string, unknown>>({
    sql: `SELECT ${columns} FROM ${table} WHERE tenant = {tenant:String} ORDER BY ${table === 'metric_series' ? 'series_id' : 'row_no'}`,
    params: { tenant: context.tenant },
    lane: 'query',
    limits,
  })
  return rows
}

const request = (metric: object) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeMetrics: [{ scope: { name: 'meter', version: '1' }, metrics: [metric] }],
    },
  ],
})
const protobuf = (metric: object) =>
  otlpJsonToProtobuf('metrics', Buffer.from(JSON.stringify(request(metric))))
const at = { timeUnixNano: time, startTimeUnixNano: time }
const histogram = (point: object, aggregationTemporality: number | string = 2) => ({
  name: 'h',
  histogram: { aggregationTemporality, dataPoints: [{ ...at, count: 3, ...point }] },
})

describe('points that could not be read back are rejected with their reason', () => {
  const cases = [
    {
      name: 'no value',
      metric: { gauge: { dataPoints: [at] } },
      reason: 'no value and no no-recorded-value flag',
    },
    {
      name: 'a sum of unspecified temporality',
      metric: { sum: { dataPoints: [{ ...at, asInt: 1 }] } },
      reason: 'unspecified aggregation temporality',
    },
    {
      name: 'a histogram of unspecified temporality',
      metric: histogram({}, 0),
      reason: 'unspecified aggregation temporality',
    },
    {
      name: 'too few buckets',
      metric: histogram({ bucketCounts: [3], explicitBounds: [1] }),
      reason: 'bucket counts are not one more than the bounds',
    },
    {
      name: 'bounds without buckets',
      metric: histogram({ explicitBounds: [1] }),
      reason: 'bucket counts are not one more than the bounds',
    },
    {
      name: 'equal bounds',
      metric: histogram({ bucketCounts: [1, 1, 1], explicitBounds: [2, 2] }),
      reason: 'bucket bounds do not increase',
    },
    {
      name: 'a bound that is no number',
      metric: histogram({ bucketCounts: [1, 2], explicitBounds: ['NaN'] }),
      reason: 'bucket bounds do not increase',
    },
    {
      name: 'no time',
      metric: { gauge: { dataPoints: [{ asInt: 1 }] } },
      reason: 'time is older than the retention',
    },
  ]
  test.each(cases)('$name', ({ metric, reason }) => {
    const outcome = decodeMetrics(protobuf(metric), freshContext())
    expect(outcome).toEqual({ accepted: 0, rejected: 1, message: `1 data point rejected: ${reason}` })
  })

  test('a point flagged as having no recorded value is accepted without one', () => {
    const metric = { gauge: { dataPoints: [{ ...at, flags: 1 }] } }
    expect(decodeMetrics(protobuf(metric), freshContext())).toEqual({ accepted: 1, rejected: 0, message: '' })
  })
})

test('a number keeps its type, and an integer every digit', async () => {
  const context = freshContext()
  const dataPoints = [
    { ...at, asInt: '-9223372036854775807' },
    { ...at, asDouble: 1.5 },
    { ...at, flags: 1 },
  ]
  decodeMetrics(protobuf({ name: 'n', gauge: { dataPoints } }), context)
  const rows = await readBack(context, 'metric_points', 'value_type, value, value_int, toString(time) AS t')
  const t = '2026-11-23 11:59:59.000000123'
  expect(rows).toMatchObject([
    { value_type: 'int', value_int: '-9223372036854775807', t },
    { value_type: 'double', value: 1.5, value_int: '0', t },
    { value_type: 'none', value: 0, t },
  ])
})

test('histograms, exponential histograms and summaries are read back whole', async () => {
  const context = freshContext()
  const exemplars = [
    {
      timeUnixNano: time,
      asInt: 4,
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'bad0',
      filteredAttributes: [{ key: 'a', value: { intValue: 1 } }],
    },
  ]
  decodeMetrics(
    protobuf(histogram({ sum: 9, max: 5, bucketCounts: ['1', 2], explicitBounds: [4], exemplars })),
    context,
  )
  const exponential = {
    ...at,
    count: 6,
    scale: -3,
    zeroCount: 1,
    zeroThreshold: 0.25,
    positive: { offset: -2, bucketCounts: [1, '2'] },
    negative: { offset: 3, bucketCounts: [2] },
    min: -1,
  }
  decodeMetrics(
    protobuf({
      name: 'e',
      exponentialHistogram: {
        aggregationTemporality: 'AGGREGATION_TEMPORALITY_DELTA',
        dataPoints: [exponential],
      },
    }),
    context,
  )
  decodeMetrics(
    protobuf({
      name: 's',
      summary: { dataPoints: [{ ...at, count: 2, sum: 3, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
    }),
    context,
  )
  const rows = await readBack(
    context,
    'metric_points',
    `metric, count, sum, stats_present, max, bounds, bucket_counts, scale, zero_count, zero_threshold, positive_offset,
     positive_counts, negative_offset, negative_counts, quantiles, quantile_values, exemplar_value,
     arrayMap(id -> hex(id), exemplar_trace_id) AS trace, arrayMap(id -> hex(id), exemplar_span_id) AS span, exemplar_attributes`,
  )
  expect(rows).toMatchObject([
    {
      metric: 'h',
      count: '3',
      sum: 9,
      stats_present: 5,
      max: 5,
      bounds: [4],
      bucket_counts: ['1', '2'],
      exemplar_value: [4],
      trace: ['5B8EFFF798038103D269B633813FC60C'],
      span: ['0000000000000000'],
      exemplar_attributes: ['{"a":1}'],
    },
    {
      metric: 'e',
      count: '6',
      stats_present: 2,
      scale: -3,
      zero_count: '1',
      zero_threshold: 0.25,
      positive_offset: -2,
      positive_counts: ['1', '2'],
      negative_offset: 3,
      negative_counts: ['2'],
    },
    { metric: 's', count: '2', sum: 3, quantiles: [0.5], quantile_values: [1] },
  ])
})

test('a series is written once per block, whatever the order of its attributes, and apart from any other', async () => {
  const context = freshContext()
  const a = { key: 'a', value: { stringValue: 'x' } }
  const b = { key: 'b', value: { intValue: 2 } }
  const points = [[a, b], [b, a], [a]].map((attributes) => ({ ...at, asInt: 1, attributes }))
  const sum = { isMonotonic: true, aggregationTemporality: 2, dataPoints: points }
  decodeMetrics(protobuf({ name: 'n', unit: 'By', description: 'd', sum }), context)
  const columns =
    'metric, type, unit, description, temporality, monotonic, service, scope_name, scope_version, attr_str, attr_num'
  const rows = await readBack(context, 'metric_series', columns)
  const shared = {
    metric: 'n',
    type: 'sum',
    unit: 'By',
    description: 'd',
    temporality: 'cumulative',
    monotonic: true,
    service: 'shop',
    scope_name: 'meter',
    scope_version: '1',
  }
  expect(rows).toHaveLength(2)
  expect(rows).toContainEqual({ ...shared, attr_str: { a: 'x' }, attr_num: { b: 2 } })
  expect(rows).toContainEqual({ ...shared, attr_str: { a: 'x' }, attr_num: {} })
  const [first, second, third] = await readBack(context, 'metric_points', 'series_id, row_no')
  expect(first?.series_id).toBe(second?.series_id)
  expect(third?.series_id).not.toBe(first?.series_id)
})

test('repeated numbers are read packed and one by one alike', () => {
  const field = (tag: number, value: number) => {
    const bytes = Buffer.alloc(9)
    bytes[0] = tag
    bytes.writeBigUInt64LE(BigInt(value), 1)
    return bytes
  }
  const wrap = (tag: number, ...parts: Buffer[]) => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from([tag, body.length]), body])
  }
  const timeField = Buffer.alloc(9)
  timeField[0] = 25
  timeField.writeBigUInt64LE(BigInt(time), 1)
  const point = wrap(10, timeField, field(49, 5), field(49, 6), field(57, 0))
  const bytes = wrap(10, wrap(18, wrap(18, wrap(74, point, Buffer.from([16, 2])))))
  const context = freshContext()
  expect(decodeMetrics(bytes, context)).toEqual({ accepted: 1, rejected: 0, message: '' })
  expect(context.tables.metricPoints.bucketCounts.items.rows).toBe(2)
})

test('hostile bytes are read or refused, never a crash', () => {
  const exemplars = [
    { asInt: 4, filteredAttributes: [{ key: 'a', value: { kvlistValue: { values: [{ key: 'k' }] } } }] },
  ]
  const valid = Buffer.from(protobuf(histogram({ bucketCounts: [1, 2], explicitBounds: [4], exemplars })))
  const edit = fc.record({
    at: fc.nat(valid.length - 1),
    take: fc.nat(3),
    put: fc.uint8Array({ maxLength: 3 }),
  })
  const run = fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
    let body: Buffer = valid
    for (const { at: place, take, put } of edits) {
      body = Buffer.concat([body.subarray(0, place), put, body.subarray(Math.min(place + take, body.length))])
    }
    const context = freshContext()
    const undo = context.tables.mark()
    try {
      decodeMetrics(body, context)
    } catch (error) {
      if (!(error instanceof OrielError) || error.code !== 'malformed') throw error
      undo()
    }
    context.tables.metricPoints.finish(new ByteBuffer(), 0, 0)
  })
  fc.assert(run, { seed: 20_261_123, numRuns: 400 })
})

test('wide events are rows of the events table', async () => {
  const context = freshContext()
  const body = [
    `{"time":"2026-11-23T12:59:59.000000123+01:00","service":"shop","name":"buy","duration_ms":1.5,"error":"declined","level":"warn","message":"m","user":{"id":7,"tags":[1, 2],"vip":true},"sample_rate":4,"big":9007199254740993,"trace_id":"5b8efff798038103d269b633813fc60c"}`,
    '{"time": nonsense}',
    '',
    `{"time":${receivedAtMs},"trace_id":"not-hex"}`,
  ].join('\n')
  const outcome = decodeWideEvents(Buffer.from(body), context)
  expect(outcome).toMatchObject({ accepted: 2, rejected: 1 })
  expect(outcome.message).toContain('1 event rejected: line 2: time: ')
  const columns =
    'signal, toString(time) AS t, service, name, duration_ns, status, status_message, severity, severity_text, body, weight, hex(trace_id) AS trace, attr_str, attr_num, attr_bool, attr_meta'
  expect(await readBack(context, 'events', columns)).toEqual([
    {
      signal: 'event',
      t: '2026-11-23 11:59:59.000000123',
      service: 'shop',
      name: 'buy',
      duration_ns: '1500000',
      status: 'error',
      status_message: 'declined',
      severity: 13,
      severity_text: 'warn',
      body: 'm',
      weight: 4,
      trace: '5B8EFFF798038103D269B633813FC60C',
      attr_str: { 'user.tags': '[1, 2]' },
      attr_num: { 'user.id': 7, big: 9007199254740992 },
      attr_bool: { 'user.vip': true },
      attr_meta: { big: 'int:9007199254740993' },
    },
    {
      signal: 'event',
      t: '2026-11-23 12:00:00.000000000',
      service: 'unknown_service',
      name: '',
      duration_ns: '0',
      status: 'unset',
      status_message: '',
      severity: 0,
      severity_text: '',
      body: '',
      weight: 1,
      trace: '0'.repeat(32),
      attr_str: { trace_id: 'not-hex' },
      attr_num: {},
      attr_bool: {},
      attr_meta: {},
    },
  ])
})
