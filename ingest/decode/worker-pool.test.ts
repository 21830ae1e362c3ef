import { gzipSync } from 'node:zlib'
import { type BlockGroup, OrielError } from '@oriel/core'
import { afterEach, describe, expect, it } from 'vitest'
import type { DecodeRequest } from './decode-pool.ts'
import { WorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

const now = 1_790_000_000_000
const body = () =>
  new TextEncoder().encode(
    JSON.stringify({
      resourceLogs: [
        { scopeLogs: [{ logRecords: [{ timeUnixNano: `${now}000000`, body: { stringValue: 'hello' } }] }] },
      ],
    }),
  )
function request(overrides: Partial<DecodeRequest> = {}): DecodeRequest {
  const fixed = { tenant: 't', signal: 'logs', encoding: 'json', compression: 'none', digest: 'd' } as const
  return { ...fixed, receivedAtMs: now, body: body(), ...overrides }
}

let pool: WorkerPool
let groups: BlockGroup[]
async function start(options: Partial<WorkerPoolOptions> = {}): Promise<void> {
  groups = []
  const onGroup = async (group: BlockGroup) => {
    groups.push(group)
  }
  pool = new WorkerPool({ onGroup, bootId: 1, workers: 1, lingerMs: 20, ...options })
  await pool.start()
}
afterEach(() => pool.stop())

describe('worker pool', () => {
  it('answers all requests of a group after it was appended, with their receipts', async () => {
    await start()
    const outcomes = await Promise.all([
      pool.decode(request()),
      pool.decode(request({ body: gzipSync(body()), compression: 'gzip' })),
    ])
    expect(outcomes.map((outcome) => outcome.accepted)).toEqual([1, 1])
    const events = groups.flatMap((group) => group.blocks).filter((block) => block.table === 'events')
    expect(events.reduce((sum, block) => sum + block.rows, 0)).toBe(2)
    expect(groups.flatMap((group) => group.requests)).toHaveLength(2)
    const ids = groups.flatMap((group) => group.blocks.map((block) => block.blockId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('rejects a bad request alone and keeps the others', async () => {
    await start()
    const good = pool.decode(request())
    const bad = pool.decode(
      request({ signal: 'traces', encoding: 'protobuf', body: new Uint8Array([10, 99]) }),
    )
    await expect(bad).rejects.toMatchObject({ code: 'malformed' })
    await expect(good).resolves.toMatchObject({ accepted: 1 })
  })

  it('hands its redaction rules to the threads, for attributes at any place', async () => {
    await start({
      redact: [
        { keyPrefix: 'secret.', action: 'drop' },
        { key: 'user', action: 'mask' },
        { key: 'exception.message', action: 'drop' },
      ],
    })
    const attributes = ['secret.a', 'user', 'exception.message'].map((key) => ({
      key,
      value: { stringValue: `hidden-${key}` },
    }))
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const spanId = 'b7ad6b7169203331'
    const span = {
      ...{ traceId, spanId, name: 'n', startTimeUnixNano: `${now}000000`, attributes },
      events: [{ name: 'exception', attributes }],
      links: [{ traceId, spanId, attributes }],
    }
    const spans = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] }
    const record = { timeUnixNano: `${now}000000`, body: { kvlistValue: { values: attributes } } }
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
    await Promise.all([
      pool.decode(request({ signal: 'traces', body: bytes(spans) })),
      pool.decode(request({ body: bytes(logs) })),
    ])
    const blocks = groups.flatMap((group) => group.blocks)
    const stored = blocks.map((block) => Buffer.from(block.bytes).toString('latin1')).join('')
    expect(stored).not.toContain('hidden-')
    expect(stored.match(/{"user":"\[redacted\]"}/g)).toHaveLength(3)
    expect(stored).toContain('user')
  })

  it('rejects the whole group when the journal refuses it', async () => {
    await start({
      onGroup: () => Promise.reject(new OrielError('journal_full', 'full', { retryable: true })),
    })
    await expect(pool.decode(request())).rejects.toMatchObject({ code: 'journal_full' })
  })

  it('seals what is open when it stops, and takes no more', async () => {
    await start({ lingerMs: 60_000 })
    const waiting = pool.decode(request())
    await pool.stop()
    await expect(waiting).resolves.toMatchObject({ accepted: 1 })
    await expect(pool.decode(request())).rejects.toMatchObject({ code: 'shutting_down' })
  })

  it('replaces a worker that dies and says that its requests may be sent again', async () => {
    const script = new URL(
      "data:text/javascript,import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(3))",
    )
    const errors: Error[] = []
    await start({ script, onWorkerCrash: (error) => errors.push(error) })
    const died = { code: 'internal', retryable: true }
    await expect(pool.decode(request())).rejects.toMatchObject(died)
    // the one in its place takes the next request, and dies of it too
    await expect(pool.decode(request())).rejects.toMatchObject(died)
    expect(errors.map((error) => error.message)).toEqual([
      'worker ended with code 3',
      'worker ended with code 3',
    ])
    expect(pool.crashes).toBe(2)
  })
})
