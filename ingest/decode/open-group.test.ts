import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { type Block, OrielError, seededRandom } from '@oriel/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { defaultDecodeLimits } from './decode-context.ts'
import type { DecodeRequest } from './decode-pool.ts'
import { OpenGroup } from './open-group.ts'

const require = createRequire(import.meta.resolve('@oriel/storage'))
const { query } = require('chdb') as { query(sql: string, format: string): string }
const directory = mkdtempSync(join(tmpdir(), 'oriel-decode-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const now = 1_790_000_000_000
const second = now / 1000
const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
let group: OpenGroup
beforeEach(() => {
  group = new OpenGroup({
    ids: { bootId: 7, workerIndex: 0, workers: 1, used: 0 },
    limits: defaultDecodeLimits,
    bodyBytesMax: 1_000_000,
    clock: { nowMs: () => now },
  })
})

function rows(blocks: readonly Block[], table: string, select: string): unknown[] {
  const block = blocks.find((candidate) => candidate.table === table)
  if (block === undefined) return []
  const path = join(directory, `${block.blockId}.native`)
  writeFileSync(path, block.bytes)
  const text = query(
    `SELECT ${select} FROM file('${path}', Native) SETTINGS output_format_json_quote_64bit_integers=1`,
    'JSONEachRow',
  )
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown)
}

const scope = { name: 'lib', version: '1.2' }
const resource = resourceFromAttributes({ 'service.name': 'cart', 'host.name': 'h1' })
function span(overrides: Record<string, unknown> = {}) {
  const context = { traceId, spanId, traceFlags: 1 }
  return {
    name: 'GET /cart',
    kind: 1,
    spanContext: () => context,
    startTime: [second, 5],
    endTime: [second, 1_000_005],
    status: { code: 2, message: 'boom' },
    attributes: { text: 'x', count: 3, ratio: 0.5, ok: true, list: [1, 'a'] },
    links: [],
    events: [],
    duration: [0, 1],
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...overrides,
  }
}
function traces(...spans: unknown[]): Uint8Array {
  const body = ProtobufTraceSerializer.serializeRequest(spans as never)
  if (body === undefined) throw new Error('the serializer gave nothing')
  return body
}
function request(body: Uint8Array, overrides: Partial<DecodeRequest> = {}) {
  const base = { tenant: 't1', signal: 'traces', encoding: 'protobuf', compression: 'none' } as const
  return { ...base, receivedAtMs: now, body, ...overrides }
}
const field = (tag: number, bytes: Uint8Array | string) => {
  const payload = Buffer.from(bytes as never)
  const length = payload.length < 128 ? [payload.length] : [(payload.length & 127) | 128, payload.length >> 7]
  return Buffer.concat([Buffer.from([tag, ...length]), payload])
}
const keyValue = (key: string, value: Uint8Array) => Buffer.concat([field(10, key), field(18, value)])
const fixedTime = (tag: number, ns: bigint) => {
  const bytes = Buffer.alloc(9, tag)
  bytes.writeBigUInt64LE(ns, 1)
  return bytes
}
const startNs = BigInt(now) * 1_000_000n
function handMade(parts: readonly Uint8Array[]): Uint8Array {
  const ids = [field(10, Buffer.from(traceId, 'hex')), field(18, Buffer.from(spanId, 'hex'))]
  const record = Buffer.concat([...ids, fixedTime(57, startNs), fixedTime(65, startNs + 9n), ...parts])
  return field(10, field(18, field(18, record)))
}

describe('traces', () => {
  it('reads back what the official serializer wrote', () => {
    expect(group.add(request(traces(span())))).toEqual({ accepted: 1, rejected: 0, message: '' })
    const blocks = group.seal()
    const select = `tenant, signal, toString(time) t, service, name, kind, status, status_message, duration_ns, hex(trace_id) trace, hex(span_id) span, scope_name, scope_version, attr_str, attr_num, attr_bool, attr_meta, weight, th, row_flags, toString(block_id) block, row_no`
    expect(rows(blocks, 'events', select)).toEqual([
      expect.objectContaining({
        tenant: 't1',
        signal: 'span',
        service: 'cart',
        name: 'GET /cart',
        kind: 'server',
        status: 'error',
        status_message: 'boom',
        duration_ns: '1000000',
        trace: traceId.toUpperCase(),
        span: spanId.toUpperCase(),
        scope_name: 'lib',
        scope_version: '1.2',
        attr_str: { text: 'x', list: '[1,"a"]' },
        attr_num: { count: 3, ratio: 0.5 },
        attr_bool: { ok: true },
        attr_meta: { list: 'json' },
        weight: 1,
        th: '',
        row_flags: 0,
        row_no: 0,
      }),
    ])
    expect(rows(blocks, 'resources', 'service, attr_str')).toEqual([
      { service: 'cart', attr_str: { 'service.name': 'cart', 'host.name': 'h1' } },
    ])
  })

  it('derives the trace index, the rates, the catalogue and the ledger', () => {
    const child = span({
      spanContext: () => ({ traceId, spanId: 'b7ad6b7169203332', traceFlags: 1 }),
      parentSpanContext: { traceId, spanId, traceFlags: 1 },
      status: { code: 0 },
    })
    group.add(request(traces(span(), child)))
    const blocks = group.seal()
    expect(rows(blocks, 'trace_index', 'spans, errors, root_service, root_name, root_duration_ns d')).toEqual(
      [{ spans: '2', errors: '1', root_service: 'cart', root_name: 'GET /cart', d: '1000000' }],
    )
    expect(rows(blocks, 'red_minute', 'root, rows, error_weight e, mapValues(duration_buckets) b')).toEqual([
      { root: true, rows: '1', e: 1, b: [1] },
      { root: false, rows: '1', e: 0, b: [1] },
    ])
    expect(rows(blocks, 'attribute_catalogue', 'scope, key, value, rows')).toEqual(
      expect.arrayContaining([
        { scope: 'attribute', key: 'text', value: '', rows: '2' },
        { scope: 'attribute', key: 'text', value: 'x', rows: '1' },
        { scope: 'attribute', key: 'ok', value: 'true', rows: '1' },
        { scope: 'resource', key: 'host.name', value: '', rows: '1' },
      ]),
    )
    expect(rows(blocks, 'ingest_minute', 'outcome, reason, requests, items')).toEqual([
      { outcome: 'accepted', reason: '', requests: '1', items: '2' },
    ])
  })

  it.each([
    {
      name: 'a zero trace id',
      parts: [field(10, Buffer.alloc(16))],
      reason: 'trace_id must be 16 non-zero bytes',
    },
    { name: 'a short span id', parts: [field(18, 'abc')], reason: 'span_id must be 8 non-zero bytes' },
    {
      name: 'a start before the retention',
      parts: [fixedTime(57, 5n)],
      reason: 'the start time is older than',
    },
    {
      name: 'a start in the future',
      parts: [fixedTime(57, startNs * 2n)],
      reason: 'the start time is more than',
    },
  ])('rejects a span with $name and says why', ({ parts, reason }) => {
    const outcome = group.add(request(handMade(parts)))
    expect(outcome).toMatchObject({ accepted: 0, rejected: 1 })
    expect(outcome.message).toContain(`1 span rejected: ${reason}`)
  })

  it.each([
    { name: 'end before start', parts: [fixedTime(65, startNs - 1n)], flags: 1 },
    { name: 'no start', parts: [fixedTime(57, 0n)], flags: 9 },
    {
      name: 'a key twice',
      parts: [field(74, keyValue('k', field(10, 'a'))), field(74, keyValue('k', field(10, 'b')))],
      flags: 4,
    },
    { name: 'an unknown field', parts: [Buffer.from([0xf8, 0x3f, 0x01])], flags: 0 },
  ])('accepts a span with $name', ({ parts, flags }) => {
    expect(group.add(request(handMade(parts)))).toMatchObject({ accepted: 1, rejected: 0 })
    const expected = flags === 4 ? { k: 'b' } : {}
    expect(rows(group.seal(), 'events', 'row_flags, attr_str')).toEqual([
      { row_flags: flags, attr_str: expected },
    ])
  })

  it('keeps integers, bytes and emptiness exactly', () => {
    const big = Buffer.from([24, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])
    const parts = [
      field(74, keyValue('int', big)),
      field(74, keyValue('bytes', field(58, Buffer.from([1, 2])))),
      field(74, keyValue('empty', Buffer.alloc(0))),
      field(26, 'ot=th:8'),
    ]
    group.add(request(handMade(parts)))
    expect(rows(group.seal(), 'events', 'attr_str, attr_meta, weight, th')).toEqual([
      {
        attr_str: { bytes: 'AQI=', empty: '' },
        attr_meta: { int: 'int:9223372036854775807', bytes: 'bytes', empty: 'empty' },
        weight: 2,
        th: '8',
      },
    ])
  })

  it('cuts long values at a character and says so', () => {
    const long = `${'a'.repeat(32 * 1024 - 1)}é`
    expect(group.add(request(traces(span({ attributes: { long } })))).message).toContain(
      '1 value was cut to 32768 bytes',
    )
    const select = `length(attr_str['long']) l, attr_meta, row_flags`
    expect(rows(group.seal(), 'events', select)).toEqual([
      { l: '32767', attr_meta: { long: 'cut:32769' }, row_flags: 2 },
    ])
  })
})

describe('requests that fail', () => {
  it('leave no row behind', () => {
    const good = traces(span())
    group.add(request(good))
    expect(() => group.add(request(good.subarray(0, good.length - 3)))).toThrowError(/malformed at byte \d+/)
    expect(() => group.add(request(good, { compression: 'gzip' }))).toThrowError('not valid gzip')
    const bomb = gzipSync(Buffer.alloc(2_000_000))
    expect(() => group.add(request(bomb, { compression: 'gzip' }))).toThrowError('ingest.bodyBytesMax')
    const blocks = group.seal()
    expect(rows(blocks, 'events', 'count() n')).toEqual([{ n: '1' }])
    expect(rows(blocks, 'ingest_minute', 'outcome, reason')).toHaveLength(4)
  })

  it('never fail otherwise than as malformed, whatever the bytes', () => {
    const random = seededRandom(42)
    const pick = (below: number) => Math.floor(random.next() * below)
    const good = Buffer.from(traces(span(), span({ attributes: { deep: { a: [1, { b: 'c' }] } } })))
    for (let round = 0; round < 3000; round++) {
      const body = Buffer.from(round % 3 === 0 ? Buffer.alloc(pick(60)) : good)
      const changes = round % 3 === 0 ? body.length : 1 + pick(4)
      for (let change = 0; change < changes; change++) body[pick(body.length)] = pick(256)
      const signal = round % 2 === 0 ? 'traces' : 'logs'
      try {
        group.add(request(body, { signal }))
      } catch (error) {
        expect(error).toBeInstanceOf(OrielError)
        expect((error as OrielError).code).toBe('malformed')
      }
      if (round % 500 === 499) {
        const expected = group.rows
        expect(rows(group.seal(), 'events', 'count() n, sum(cityHash64(*)) > 0 x')).toEqual([
          { n: String(expected), x: 1 },
        ])
      }
    }
  })
})

describe('logs', () => {
  it('reads back what the official serializer wrote', () => {
    const record = {
      hrTime: [second, 0],
      hrTimeObserved: [second, 1],
      spanContext: { traceId, spanId, traceFlags: 1 },
      severityNumber: 17,
      severityText: 'ERROR',
      body: { a: 1 },
      eventName: 'order.failed',
      resource,
      instrumentationScope: scope,
      attributes: { 'exception.type': 'E', 'exception.message': 'bad' },
      droppedAttributesCount: 2,
    }
    const body = ProtobufLogsSerializer.serializeRequest([record] as never)
    expect(group.add(request(body ?? new Uint8Array(), { signal: 'logs' }))).toMatchObject({ accepted: 1 })
    const select =
      'signal, name, severity, severity_text, body, exception_type, exception_message, hex(trace_id) trace, dropped_attributes d'
    expect(rows(group.seal(), 'events', select)).toEqual([
      {
        signal: 'log',
        name: 'order.failed',
        severity: 17,
        severity_text: 'ERROR',
        body: '{"a":1}',
        exception_type: 'E',
        exception_message: 'bad',
        trace: traceId.toUpperCase(),
        d: 2,
      },
    ])
  })
})
