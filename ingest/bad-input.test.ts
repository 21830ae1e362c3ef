import { gzipSync } from 'node:zlib'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { type BlockGroup, loadConfig, OrielError, silentLogger, systemClock } from '@oriel/core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createIngest, type Ingest } from './app.ts'
import { ingestSettings } from './config.ts'
import { WorkerPool } from './decode/worker-pool.ts'

/** The bad-input table over a socket, with the real decode workers; the journal is a list. */
let groups: BlockGroup[] = []
let journalFails: OrielError | undefined
let ingest: Ingest

function create(): Ingest {
  const append = async (group: BlockGroup) => {
    if (journalFails !== undefined) throw journalFails
    groups.push(group)
  }
  const overrides = { 'ingest.httpPort': 0, 'ingest.grpcPort': 0, 'ingest.ledgerFlushMs': 60_000 }
  return createIngest({
    settings: loadConfig([ingestSettings], { overrides }).get(ingestSettings),
    clock: systemClock,
    logger: silentLogger,
    journal: { append, receipts: () => [] },
    createPool: (onGroup) =>
      new WorkerPool({ onGroup, bootId: 1, workers: 1, lingerMs: 10, bodyBytesMax: 4 * 1024 * 1024 }),
  })
}

beforeAll(async () => {
  ingest = create()
  await ingest.start()
})
afterAll(() => ingest.stop())
beforeEach(() => {
  groups = []
  journalFails = undefined
})

const eventRows = () =>
  groups
    .flatMap((group) => group.blocks.filter((block) => block.table === 'events'))
    .reduce((sum, block) => sum + block.rows, 0)

function post(path: string, type: string, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const url = `http://127.0.0.1:${ingest.httpPort}${path}`
  return fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body: body as string })
}

const protobuf = 'application/x-protobuf'
const json = 'application/json'
const gzip = { 'content-encoding': 'gzip' }

const exporters: readonly { name: string; make(): SpanExporter }[] = [
  {
    name: 'protobuf',
    make: () =>
      new ProtoExporter({
        url: `http://127.0.0.1:${ingest.httpPort}/v1/traces`,
        compression: 'gzip' as never,
      }),
  },
  { name: 'JSON', make: () => new JsonExporter({ url: `http://127.0.0.1:${ingest.httpPort}/v1/traces` }) },
  {
    name: 'gRPC',
    make: () =>
      new GrpcExporter({ url: `http://127.0.0.1:${ingest.grpcPort}`, compression: 'gzip' as never }),
  },
]
it.each(exporters)('spans of the JS SDK become rows over $name', async ({ make }) => {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(make())] })
  const tracer = provider.getTracer('shop')
  for (const name of ['a', 'b', 'c']) tracer.startSpan(name).end()
  await provider.forceFlush()
  await provider.shutdown()
  expect(eventRows()).toBe(3)
})

const otlpPaths = ['/v1/traces', '/v1/metrics', '/v1/logs']
it.each(otlpPaths)('%s takes empty messages', async (path) => {
  expect((await post(path, protobuf, '')).status).toBe(200)
  const inJson = await post(path, json, '{}')
  expect([inJson.status, await inJson.text()]).toEqual([200, '{}'])
})

const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024))
const zipped = gzipSync(Buffer.alloc(1000, 'abc'))
const bad = [
  { name: 'zero-length JSON', path: '/v1/traces', type: json, body: '', headers: {}, status: 400 },
  {
    name: 'JSON cut short',
    path: '/v1/logs',
    type: json,
    body: '{"resourceLogs":[',
    headers: {},
    status: 400,
  },
  {
    name: 'JSON of the wrong type',
    path: '/v1/metrics',
    type: json,
    body: '{"resourceMetrics":7}',
    headers: {},
    status: 400,
  },
  {
    name: 'protobuf that is none',
    path: '/v1/traces',
    type: protobuf,
    body: Buffer.from([0x0a, 0xff]),
    headers: {},
    status: 400,
  },
  {
    name: 'gzip that is none',
    path: '/v1/traces',
    type: protobuf,
    body: 'nonsense',
    headers: gzip,
    status: 400,
  },
  {
    name: 'gzip cut short',
    path: '/v1/traces',
    type: protobuf,
    body: zipped.subarray(0, 20),
    headers: gzip,
    status: 400,
  },
  { name: 'a gzip bomb', path: '/v1/traces', type: protobuf, body: bomb, headers: gzip, status: 413 },
  { name: 'broken events', path: '/v1/events', type: json, body: '{"a":', headers: {}, status: 400 },
]
it.each(bad)(
  'answers $name with $status and keeps nothing',
  async ({ path, type, body, headers, status }) => {
    const answer = await post(path, type, body, headers as Record<string, string>)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(type)
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(0)
    expect(eventRows()).toBe(0)
  },
)

it('answers 503 with Retry-After when the journal is full, and takes the resend when it is not', async () => {
  journalFails = new OrielError('journal_full', 'journal holds 4GiB', { retryable: true })
  const refused = await post('/v1/events', json, '{"name":"full"}')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  journalFails = undefined
  expect((await post('/v1/events', json, '{"name":"full"}')).status).toBe(200)
  expect(eventRows()).toBe(1)
})

it('has every acknowledged event in the journal after a stop in the middle of traffic', async () => {
  const stopping = create()
  await stopping.start()
  const url = `http://127.0.0.1:${stopping.httpPort}/v1/events`
  const send = (n: number) =>
    fetch(url, { method: 'POST', headers: { 'content-type': json }, body: `{"name":"n${n}"}` }).then(
      async (answer) => {
        await answer.arrayBuffer()
        return answer.status
      },
      () => 0,
    )
  const first = await send(-1)
  const answers = Array.from({ length: 60 }, (_, n) => send(n))
  await Promise.race(answers)
  await stopping.stop()
  const acknowledged = [first, ...(await Promise.all(answers))].filter((status) => status === 200).length
  expect(acknowledged).toBeGreaterThan(0)
  expect(eventRows()).toBeGreaterThanOrEqual(acknowledged)
})
