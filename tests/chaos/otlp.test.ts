import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { seededRandom, systemClock } from '@oriel/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { spanIdsOf, spansPerRequest, traceRequest } from './otlp-request.ts'

const victim = fileURLToPath(new URL('./victim-otlp.ts', import.meta.url))
const kills = 10
let directory = ''
let running: ChildProcess | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oriel-chaos-otlp-'))
})
afterEach(async () => {
  running?.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

/** Starts the victim and waits for its first line. */
async function start(mode: 'serve' | 'drain'): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [victim, directory, mode], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running = child
  if (child.stdout === null) throw new Error('the victim has no output')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the victim ended by itself with code ${code}`)
  })
  ended.catch(() => undefined)
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  return { child, line }
}

/** Sends requests one after the other until the connection breaks; each is sent once. */
async function send(port: number, next: () => number, acknowledged: number[]): Promise<void> {
  for (;;) {
    const request = next()
    const headers = { 'content-type': 'application/x-protobuf' }
    const body = new Uint8Array(traceRequest(request, systemClock.nowMs()))
    const status = await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body })
      .then(
        // the status alone is not the answer: the body must have come whole
        async (response) => response.text().then(() => response.status),
        () => undefined,
      )
      .catch(() => undefined)
    if (status === undefined) return
    if (status !== 200) throw new Error(`request ${request} was answered with ${status}`)
    acknowledged.push(request)
  }
}

interface Report {
  readonly spans: readonly { readonly id: string; readonly rows: string }[]
  readonly sums: { readonly red: string; readonly traces: string }
  readonly letters: readonly string[]
}

test('kill -9 of the whole ingest under OTLP load: every answered span is stored once, and the rollups add up', {
  timeout: 180_000,
}, async () => {
  const random = seededRandom(7)
  const acknowledged: number[] = []
  let request = 0
  const next = () => {
    request += 1
    return request
  }
  for (let round = 0; round < kills; round += 1) {
    const { child, line } = await start('serve')
    const port = Number(line.slice('port '.length))
    const senders = Array.from({ length: 6 }, () => send(port, next, acknowledged))
    const sent = Promise.all(senders)
    sent.catch(() => undefined)
    await systemClock.sleep(100 + random.next() * 700)
    child.kill('SIGKILL')
    await sent
  }
  const { line } = await start('drain')
  const { spans, sums, letters } = JSON.parse(line) as Report
  expect(letters).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(50)
  const rows = new Map(spans.map((span) => [span.id, Number(span.rows)]))
  expect([...rows].filter(([, count]) => count !== 1)).toEqual([])
  const ids = acknowledged.flatMap((of) => spanIdsOf(of))
  expect(ids.filter((id) => !rows.has(id))).toEqual([])
  // also requests whose answer was lost are stored whole or not at all
  expect(rows.size % spansPerRequest).toBe(0)
  expect(sums).toEqual({ red: String(rows.size), traces: String(rows.size) })
  await expect(readFile(join(directory, 'lock'), 'utf8')).resolves.toContain('"pid"')
})
