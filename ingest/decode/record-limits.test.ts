import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Block } from '@oriel/core'
import { afterAll, describe, expect, it } from 'vitest'
import { type DecodeLimits, defaultDecodeLimits } from './decode-context.ts'
import type { IngestSignal } from './decode-pool.ts'
import { OpenGroup, type OpenGroupOptions } from './open-group.ts'

const require = createRequire(import.meta.resolve('@oriel/storage'))
const { query } = require('chdb') as { query(sql: string, format: string): string }
const directory = mkdtempSync(join(tmpdir(), 'oriel-limits-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const now = 1_790_000_000_000
const time = `${now}000000`
const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const noTrace = '0'.repeat(32)
const noSpan = '0'.repeat(16)
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

function open(limits: Partial<DecodeLimits> = {}, options: Partial<OpenGroupOptions> = {}): OpenGroup {
  return new OpenGroup({
    ids: { bootId: 7, workerIndex: 0, workers: 1, used: 0 },
    limits: { ...defaultDecodeLimits, ...limits },
    bodyBytesMax: 10_000_000,
    clock: { nowMs: () => now },
    ...options,
  })
}

function send(group: OpenGroup, signal: IngestSignal, body: unknown, tenant = 't1') {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  return group.add({
    tenant,
    signal,
    encoding: 'json',
    compression: 'none',
    body: bytes,
    receivedAtMs: now,
  })
}
const span = (parts: object = {}) => ({
  traceId,
  spanId,
  name: 'n',
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  ...parts,
})
const spans = (items: readonly object[], scope: object = {}, attributes: readonly object[] = []) => ({
  resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope, spans: items }] }],
})
const logs = (...logRecords: readonly object[]) => ({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
const gauge = (dataPoints: readonly object[]) => ({
  resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints } }] }] }],
})
const point = (parts: object = {}) => ({ timeUnixNano: time, asInt: 1, ...parts })

function rows(blocks: readonly Block[], table: string, select: string, rest = ''): unknown[] {
  const block = blocks.find((candidate) => candidate.table === table)
  if (block === undefined) return []
  const path = join(directory, `${block.blockId}.native`)
  writeFileSync(path, block.bytes)
  const lines = query(`SELECT ${select} FROM file('${path}', Native) ${rest}`, 'JSONEachRow').split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as unknown)
}

describe('span events and links', () => {
  it('are read back with their attributes, and an exception event fills the exception columns', () => {
    const group = open()
    const exception = [text('exception.type', 'Oops'), text('exception.message', 'it broke')]
    const events = [
      { timeUnixNano: time, name: 'retry', attributes: [{ key: 'n', value: { intValue: '2' } }] },
      { timeUnixNano: time, name: 'exception', attributes: exception },
    ]
    const links = [{ traceId, spanId, attributes: [text('why', 'batch')] }]
    send(group, 'traces', spans([span({ events, links })]))
    const columns = `span_event_name names, span_event_attributes attributes, exception_type, exception_message,
      toString(span_event_time[1]) t, arrayMap(id -> lower(hex(id)), link_trace_id) traces,
      arrayMap(id -> lower(hex(id)), link_span_id) spans, link_attributes`
    expect(rows(group.seal(), 'events', columns)).toEqual([
      {
        names: ['retry', 'exception'],
        attributes: ['{"n":2}', '{"exception.type":"Oops","exception.message":"it broke"}'],
        exception_type: 'Oops',
        exception_message: 'it broke',
        t: expect.stringContaining('.000000000'),
        traces: [traceId],
        spans: [spanId],
        link_attributes: ['{"why":"batch"}'],
      },
    ])
  })

  it('beyond the cap are counted in their columns', () => {
    const group = open({ spanEventsMax: 1 })
    const parts = { events: [{ name: 'a' }, { name: 'b' }], links: [{ traceId, spanId }, {}, {}] }
    send(group, 'traces', spans([span(parts)]))
    expect(rows(group.seal(), 'events', 'span_event_name n, dropped_events e, dropped_links l')).toEqual([
      { n: ['a'], e: 1, l: 2 },
    ])
  })

  it('keep a link whose ids are not valid, without them', () => {
    const group = open()
    const links = [{ traceId: noTrace, spanId, attributes: [text('k', 'v')] }]
    send(group, 'traces', spans([span({ links })]))
    const columns =
      'arrayMap(id -> hex(id), link_trace_id) t, arrayMap(id -> hex(id), link_span_id) s, link_attributes a'
    expect(rows(group.seal(), 'events', columns)).toEqual([{ t: [noTrace], s: [noSpan], a: ['{"k":"v"}'] }])
  })
})

describe('caps', () => {
  it('cut the text leaves of span event and link attributes between characters, mark the row and say so', () => {
    const group = open({ valueBytesMax: 64 })
    const long = `${'a'.repeat(63)}é`
    const attributes = [{ key: 'list', value: { arrayValue: { values: [{ stringValue: long }] } } }]
    const parts = { events: [{ name: 'e', attributes }], links: [{ traceId, spanId, attributes }] }
    const { rejected, message } = send(group, 'traces', spans([span(parts)]))
    expect({ rejected, message }).toEqual({
      rejected: 0,
      message: '2 values were cut to 64 bytes (decode.valueBytesMax)',
    })
    const cut = `{"list":["${'a'.repeat(63)}"]}`
    expect(rows(group.seal(), 'events', 'span_event_attributes e, link_attributes l, row_flags f')).toEqual([
      { e: [cut], l: [cut], f: 2 },
    ])
  })

  it('cut scope name, scope version and exception type', () => {
    const group = open({ valueBytesMax: 64 })
    const long = 'x'.repeat(65)
    const body = spans([span({ attributes: [text('exception.type', long)] })], { name: long, version: long })
    expect(send(group, 'traces', body).message).toBe('3 values were cut to 64 bytes (decode.valueBytesMax)')
    const columns = 'length(scope_name) n, length(scope_version) v, length(exception_type) e, row_flags f'
    expect(
      rows(
        group.seal(),
        'events',
        `toUInt8(n) n, toUInt8(v) v, toUInt8(e) e, f FROM (SELECT ${columns}`,
        ')',
      ),
    ).toEqual([{ n: 64, v: 64, e: 64, f: 2 }])
  })

  it.each([
    { name: 'a character of two bytes', tail: 'é', kept: 63 },
    { name: 'a character of four bytes', tail: '😀', kept: 63 },
    { name: 'a byte that ends at the limit', tail: 'bc', kept: 64 },
  ])('cut an attribute before $name', ({ tail, kept }) => {
    const group = open({ valueBytesMax: 64 })
    send(group, 'logs', logs({ timeUnixNano: time, attributes: [text('k', 'a'.repeat(63) + tail)] }))
    const columns = "toUInt8(length(attr_str['k'])) l, isValidUTF8(attr_str['k']) valid, row_flags f"
    expect(rows(group.seal(), 'events', columns)).toEqual([{ l: kept, valid: 1, f: 2 }])
  })

  it('drop attributes beyond the count, in the column and in words', () => {
    const group = open({ attributesMax: 2 })
    const attributes = ['a', 'b', 'c', 'd'].map((key) => text(key, key))
    const outcome = send(group, 'traces', spans([span({ attributes, droppedAttributesCount: 5 })]))
    expect(outcome).toEqual({
      accepted: 1,
      rejected: 0,
      message: '2 attributes were dropped (decode.attributesMax)',
    })
    expect(rows(group.seal(), 'events', 'attr_str, dropped_attributes d')).toEqual([
      { attr_str: { a: 'a', b: 'b' }, d: 7 },
    ])
  })

  it('drop attributes of a resource beyond the count, in words', () => {
    const outcome = send(
      open({ attributesMax: 1 }),
      'traces',
      spans([span()], {}, [text('a', '1'), text('b', '2')]),
    )
    expect(outcome.message).toBe('1 resource attribute was dropped (decode.attributesMax)')
  })

  it('reject a point whose series would lose attributes: two series could become one', () => {
    const attributes = ['a', 'b', 'c'].map((key) => text(key, key))
    const outcome = send(open({ attributesMax: 2 }), 'metrics', gauge([point({ attributes }), point()]))
    expect(outcome).toMatchObject({ accepted: 1, rejected: 1 })
    expect(outcome.message).toContain('1 data point rejected: more attributes than decode.attributesMax')
  })

  it('keep resources apart that differ only in what was dropped', () => {
    const group = open({ attributesMax: 1 })
    for (const pod of ['p1', 'p2', 'p1'])
      send(group, 'traces', spans([span()], {}, [text('a', '1'), text('pod', pod)]))
    expect(
      rows(group.seal(), 'resources', 'toUInt8(uniqExact(resource_id)) ids, toUInt8(count()) n'),
    ).toEqual([{ ids: 2, n: 2 }])
  })

  it('reject a point whose metric has too long a name, and cut a description', () => {
    const group = open({ valueBytesMax: 64 })
    const metric = (name: string) => ({ name, description: 'd'.repeat(65), gauge: { dataPoints: [point()] } })
    const metrics = [metric('n'.repeat(65)), metric('n'.repeat(64))]
    const outcome = send(group, 'metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
    expect(outcome).toMatchObject({ accepted: 1, rejected: 1 })
    expect(outcome.message).toMatch(/name or unit of the metric is longer.*; 1 value was cut to 64 bytes/)
    expect(rows(group.seal(), 'metric_series', 'toUInt8(length(description)) d')).toEqual([{ d: 64 }])
  })

  it('drop exemplars beyond the count, in words', () => {
    const exemplars = [1, 2, 3].map((asInt) => ({ timeUnixNano: time, asInt }))
    const group = open({ spanEventsMax: 1 })
    expect(send(group, 'metrics', gauge([point({ exemplars })]))).toEqual({
      accepted: 1,
      rejected: 0,
      message: '2 exemplars were dropped (decode.spanEventsMax)',
    })
    expect(rows(group.seal(), 'metric_points', 'exemplar_value v')).toEqual([{ v: [1] }])
  })

  it('refuse values that are nested too deep', () => {
    const nested = (depth: number): object =>
      depth === 0 ? { intValue: '1' } : { arrayValue: { values: [nested(depth - 1)] } }
    const body = (depth: number) =>
      logs({ timeUnixNano: time, attributes: [{ key: 'k', value: nested(depth) }] })
    const group = open({ valueDepthMax: 3 })
    expect(send(group, 'logs', body(3)).accepted).toBe(1)
    expect(() => send(group, 'logs', body(4))).toThrowError('nested deeper than 3')
  })
})

describe('log records', () => {
  it('without a time take the observed one, and without that the time of arrival', () => {
    const group = open()
    const observed = `${now - 5000}000000`
    send(group, 'logs', logs({ timeUnixNano: '0', observedTimeUnixNano: observed }, { timeUnixNano: '0' }))
    const columns = 'toUnixTimestamp64Milli(time) - toInt64(1790000000000) AS d, row_flags f'
    expect(
      rows(group.seal(), 'events', `toInt32(d) d, f FROM (SELECT ${columns}, row_no`, ') ORDER BY d'),
    ).toEqual([
      { d: -5000, f: 8 },
      { d: 0, f: 8 },
    ])
  })

  it.each([
    { name: 'a zero trace id', ids: { traceId: noTrace, spanId }, trace: noTrace, span: noSpan },
    { name: 'a short trace id', ids: { traceId: 'abcd', spanId }, trace: noTrace, span: noSpan },
    { name: 'a zero span id', ids: { traceId, spanId: noSpan }, trace: traceId, span: noSpan },
  ])('with $name are kept without it', ({ ids, trace, span: expected }) => {
    const group = open()
    expect(send(group, 'logs', logs({ timeUnixNano: time, ...ids }))).toMatchObject({
      accepted: 1,
      rejected: 0,
    })
    expect(rows(group.seal(), 'events', 'lower(hex(trace_id)) t, lower(hex(span_id)) s')).toEqual([
      { t: trace, s: expected },
    ])
  })
})

describe('blocks', () => {
  it.each([
    { name: 'two bytes', names: 300 },
    { name: 'four bytes', names: 66_000 },
  ])('read back when the indexes of a dictionary grow to $name', ({ names }) => {
    const group = open()
    const items = Array.from({ length: names }, (_, index) => span({ name: `n${index}` }))
    expect(send(group, 'traces', spans(items)).accepted).toBe(names)
    const columns =
      "toUInt32(uniqExact(name)) names, toUInt32(countIf(name = concat('n', toString(row_no)))) inPlace"
    expect(rows(group.seal(), 'events', columns)).toEqual([{ names, inPlace: names }])
  })

  it('hold the rows of two tenants apart', () => {
    const group = open()
    send(group, 'traces', spans([span({ name: 'one' })], {}, [text('service.name', 's')]), 't1')
    send(group, 'traces', spans([span({ name: 'two' })], {}, [text('service.name', 's')]), 't2')
    const blocks = group.seal()
    const byTenant = 'ORDER BY tenant'
    expect(rows(blocks, 'events', 'tenant, name', byTenant)).toEqual([
      { tenant: 't1', name: 'one' },
      { tenant: 't2', name: 'two' },
    ])
    for (const table of ['resources', 'trace_index', 'red_minute', 'ingest_minute'])
      expect(rows(blocks, table, 'DISTINCT tenant', byTenant)).toEqual([{ tenant: 't1' }, { tenant: 't2' }])
  })
})

describe('a fault of the decoder', () => {
  it('is final, since the same bytes would fail again, and leaves nothing behind', () => {
    const faulty = {
      decide: () => {
        throw new TypeError('a bug')
      },
    }
    const group = open({}, { redactor: faulty })
    send(group, 'logs', logs({ timeUnixNano: time }))
    let caught: unknown
    try {
      send(group, 'logs', logs({ timeUnixNano: time, attributes: [text('k', 'v')] }))
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ code: 'internal', retryable: false })
    expect(rows(group.seal(), 'events', 'toUInt8(count()) n')).toEqual([{ n: 1 }])
  })
})
