import { loadConfig, OrielError, silentLogger, systemClock } from '@oriel/core'
import { describe, expect, it } from 'vitest'
import { createIngest } from './app.ts'
import { ingestSettings } from './config.ts'
import { startToldIngest } from './testing/start-told-ingest.ts'
import { ToldDecodePool } from './testing/told-decode-pool.ts'

const journal = { append: async () => {}, receipts: () => [] }
const keys = { verify: async () => undefined }

function create(overrides: Record<string, unknown>, more: object = {}) {
  const settings = loadConfig([ingestSettings], { overrides }).get(ingestSettings)
  const createPool = () => new ToldDecodePool()
  return createIngest({ settings, clock: systemClock, logger: silentLogger, journal, createPool, ...more })
}

describe('a listener anyone could write to', () => {
  it('is refused, and the message says how to set it', async () => {
    const beyond = { 'ingest.host': '0.0.0.0' }
    expect(() => create(beyond)).toThrow(OrielError)
    const none = create(beyond, { keys, hasKeys: async () => false })
    await expect(none.start()).rejects.toThrow('oriel keys create --name sender --scopes ingest')
    expect(() => create({ 'ingest.requireKeys': 'always' })).toThrow('ingest.requireKeys')
    expect(create(beyond, { keys, hasKeys: async () => true }).name).toBe('ingest')
  })
})

describe('settings', () => {
  const contradictions = [
    {
      name: 'a budget below one body',
      overrides: { 'ingest.memoryBudgetBytes': '1MiB' },
      message: 'memoryBudgetBytes',
    },
    {
      name: 'a wildcard origin',
      overrides: { 'ingest.allowedOrigins': 'https://*.example' },
      message: 'allowedOrigins',
    },
    { name: 'any origin', overrides: { 'ingest.allowedOrigins': '*' }, message: 'allowedOrigins' },
    {
      name: 'headers slower than requests',
      overrides: { 'ingest.headersTimeoutMs': '2m' },
      message: 'headersTimeoutMs',
    },
  ]
  it.each(contradictions)('refuse $name', ({ overrides, message }) => {
    expect(() => create(overrides)).toThrow(message)
  })
})

it('recognises after a restart what was durable before it', async () => {
  await using before = await startToldIngest({ reply: () => ({ accepted: 7 }) })
  const send = (url: string) =>
    fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
  await send(before.url)
  const { digest, receivedAtMs } = before.pool.requests[0] ?? { digest: '', receivedAtMs: 0 }
  const receipts = [{ digest, receivedAtMs, accepted: 7, rejected: 0, message: '' }]
  await using after = await startToldIngest({ receipts })
  const answer = await send(after.url)
  expect(await answer.json()).toEqual({ accepted: 7, rejected: 0, message: '' })
  expect(after.pool.requests).toEqual([])
})

it('fails to start when a port is taken', async () => {
  await using first = await startToldIngest()
  await expect(startToldIngest({ settings: { grpcPort: first.ingest.grpcPort } })).rejects.toThrow()
  await expect(startToldIngest({ settings: { httpPort: first.ingest.httpPort } })).rejects.toThrow(
    'EADDRINUSE',
  )
})
