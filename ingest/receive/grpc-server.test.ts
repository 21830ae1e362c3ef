import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { OrielError } from '@oriel/core'
import { afterEach, expect, it } from 'vitest'
import { startToldIngest, type ToldIngest, type ToldIngestOptions } from '../testing/start-told-ingest.ts'
import { exportPaths } from './grpc-methods.ts'

let running: ToldIngest[] = []
let clients: Client[] = []
afterEach(async () => {
  for (const client of clients) client.close()
  for (const each of running) for (const request of each.pool.requests) request.resolve()
  await Promise.all(running.map((each) => each[Symbol.asyncDispose]()))
  running = []
  clients = []
})

async function start(options: ToldIngestOptions = {}) {
  const told = await startToldIngest(options)
  running.push(told)
  return { ...told, client: connect(told.ingest.grpcPort) }
}

function connect(port: number, options: object = {}): Client {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.enable_retries': 0,
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  })
  clients.push(client)
  return client
}

interface Called {
  readonly code: number
  readonly details: string
  readonly answer: Buffer | undefined
  readonly status: string
}

function call(
  client: Client,
  path: string,
  body: Uint8Array | string,
  metadata = new Metadata(),
): Promise<Called> {
  const asIs = (bytes: Buffer) => bytes
  return new Promise((resolve) => {
    const done = (error: ServiceError | null, answer?: Buffer) => {
      const status = String(error?.metadata.get('grpc-status-details-bin')[0] ?? '')
      resolve({ code: error?.code ?? 0, details: error?.details ?? '', answer, status })
    }
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from(body as string), metadata, done)
  })
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

it.each(Object.entries(exportPaths))('takes %s and answers an empty message', async (signal, path) => {
  const { client, pool } = await start()
  const called = await call(client, path, 'abc')
  expect(called).toMatchObject({ code: 0, answer: Buffer.alloc(0) })
  expect(pool.requests).toMatchObject([
    { signal, tenant: 'default', encoding: 'protobuf', compression: 'none' },
  ])
  expect(Buffer.from(pool.requests[0]?.body ?? []).toString()).toBe('abc')
})

it('takes an empty message', async () => {
  const { client } = await start({ reply: () => ({ accepted: 0 }) })
  expect((await call(client, exportPaths.traces, '')).code).toBe(0)
})

it('opens gzip, also of messages above the inflated limit only on the wire', async () => {
  const { ingest, pool } = await start()
  const client = connect(ingest.grpcPort, { 'grpc.default_compression_algorithm': 2 })
  expect((await call(client, exportPaths.logs, 'x'.repeat(100_000))).code).toBe(0)
  expect(pool.requests[0]?.body.byteLength).toBe(100_000)
})

it('answers partial success', async () => {
  const { client } = await start({ reply: () => ({ rejected: 2, message: 'no' }) })
  const { answer } = await call(client, exportPaths.metrics, 'x')
  expect(answer).toEqual(Buffer.from([0x0a, 6, 0x08, 2, 0x12, 2, 0x6e, 0x6f]))
})

const refusals = [
  { code: 'malformed', grpc: 3, detail: 'google.rpc.BadRequest' },
  { code: 'bad_compression', grpc: 3, detail: 'google.rpc.BadRequest' },
  { code: 'overloaded', grpc: 14, detail: 'google.rpc.RetryInfo' },
  { code: 'journal_full', grpc: 14, detail: 'google.rpc.RetryInfo' },
  { code: 'rate_limited', grpc: 8, detail: 'google.rpc.RetryInfo' },
] as const
it.each(refusals)('answers $code with $grpc and $detail', async ({ code, grpc, detail }) => {
  const { client } = await start({ reply: () => new OrielError(code, 'told so') })
  const called = await call(client, exportPaths.traces, 'x')
  expect(called).toMatchObject({ code: grpc, details: 'told so' })
  expect(called.status).toContain(detail)
})

it('answers a fault of ours with INTERNAL and keeps its text to itself', async () => {
  const { client } = await start({ reply: () => new Error('secret') })
  expect(await call(client, exportPaths.traces, 'x')).toMatchObject({ code: 13, details: 'internal error' })
})

const overLimit = [
  { name: 'on the wire', compression: 0 },
  { name: 'after decompression', compression: 2 },
]
it.each(overLimit)(
  'answers a message over the limit $name with RESOURCE_EXHAUSTED and no RetryInfo',
  async (each) => {
    const { ingest, pool } = await start()
    const client = connect(ingest.grpcPort, { 'grpc.default_compression_algorithm': each.compression })
    const called = await call(client, exportPaths.traces, new Uint8Array(4 * 1024 * 1024 + 1))
    expect(called).toMatchObject({ code: 8, status: '' })
    expect(pool.requests).toEqual([])
  },
)

it('answers unknown methods with UNIMPLEMENTED', async () => {
  const { client } = await start()
  expect((await call(client, '/opentelemetry.proto.collector.trace.v1.TraceService/Import', 'x')).code).toBe(
    12,
  )
  expect((await call(client, '/nobody.Knows/This', 'x')).code).toBe(12)
})

it('refuses when the memory budget is used up, and has room again after the answer', async () => {
  const MiB = 1024 * 1024
  const settings = { bodyBytesMax: MiB, grpcMessageBytesMax: MiB, memoryBudgetBytes: MiB }
  const { client, pool, ingest } = await start({ settings, reply: () => 'wait' })
  const first = call(client, exportPaths.traces, new Uint8Array(700_000))
  await until(() => pool.requests.length === 1)
  const refused = await call(client, exportPaths.traces, new Uint8Array(400_000))
  expect(refused.code).toBe(14)
  expect(refused.details).toContain('1MiB (ingest.memoryBudgetBytes)')
  expect(refused.status).toContain('google.rpc.RetryInfo')
  pool.requests[0]?.resolve()
  expect((await first).code).toBe(0)
  expect(ingest.stats().inFlightBytes).toBe(0)
})

it('asks for a key where keys are required', async () => {
  const keys = {
    verify: async (secret: string) => {
      if (secret === 'good') return { tenant: 'acme', scopes: ['ingest'], keyId: 'k' }
      return secret === 'reader' ? { tenant: 'acme', scopes: ['read'], keyId: 'r' } : undefined
    },
  }
  const { client, pool } = await start({ keys, settings: { requireKeys: 'always' } })
  const withKey = (secret: string) => {
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${secret}`)
    return call(client, exportPaths.traces, 'x', metadata)
  }
  expect((await call(client, exportPaths.traces, 'x')).code).toBe(16)
  expect((await withKey('wrong')).code).toBe(16)
  expect((await withKey('reader')).code).toBe(7)
  expect((await withKey('good')).code).toBe(0)
  expect(pool.requests.map((request) => request.tenant)).toEqual(['acme'])
})

it('stores a message that is sent again once', async () => {
  const { client, pool } = await start({ reply: () => ({ rejected: 2, message: 'no' }) })
  const first = await call(client, exportPaths.traces, 'x')
  expect(await call(client, exportPaths.traces, 'x')).toEqual(first)
  expect(pool.requests.length).toBe(1)
})

it('answers what is in flight at a stop and takes nothing new', async () => {
  const told = await startToldIngest({ reply: () => 'wait' })
  const client = connect(told.ingest.grpcPort)
  const calls = Array.from({ length: 20 }, (_, n) => call(client, exportPaths.traces, `body ${n}`))
  await until(() => told.pool.requests.length === 20)
  const stopped = told.ingest.stop()
  expect((await call(connect(told.ingest.grpcPort), exportPaths.traces, 'late')).code).toBe(14)
  for (const request of told.pool.requests) request.resolve({ accepted: 1 })
  expect((await Promise.all(calls)).map((called) => called.code)).toEqual(Array(20).fill(0))
  await stopped
  expect(told.pool.requests.length).toBe(20)
})
