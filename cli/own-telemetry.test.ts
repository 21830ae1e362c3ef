import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@oriel/core'
import { ManualClock } from '@oriel/core/testing'
import { type DecodeRequest, defaultDecodeLimits, OpenGroup } from '@oriel/ingest'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { OwnTelemetry, type OwnTelemetrySources } from './own-telemetry.ts'

const require = createRequire(import.meta.resolve('@oriel/storage'))
const { query } = require('chdb') as { query(sql: string, format: string): string }
const directory = mkdtempSync(join(tmpdir(), 'oriel-own-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
// the SDK stamps its points with the time of the machine
const clock = new ManualClock(Date.now())
const logged: string[] = []
const logger = createLogger({ level: 'info', clock, write: (line) => logged.push(line) })
const sources: OwnTelemetrySources = {
  journal: () => ({
    bytes: 4096,
    bytesMax: 1e9,
    rows: 12,
    oldestReceivedAtMs: clock.nowMs() - 2000,
    appendedGroups: 1,
    committedRanges: 0,
  }),
  ingest: () => ({
    inFlightBytes: 5,
    overloadRefusals: 6,
    connectionsDropped: 0,
    resendDigests: 7,
    resendOverflowed: 0,
    ledgerDropped: 0,
  }),
  writer: () => ({
    storedRows: 8,
    storedRanges: 1,
    refusedRows: 9,
    refusedBlocks: 1,
    retries: 10,
    breaker: 'closed',
    lastError: undefined,
  }),
  workerCrashes: () => 11,
  deadLetterCount: async () => 3,
}

let requests: DecodeRequest[]
let answer: () => Promise<void>
let own: OwnTelemetry
beforeEach(async () => {
  requests = []
  logged.length = 0
  answer = async () => undefined
  const decode = async (request: DecodeRequest) => {
    requests.push(request)
    await answer()
    return { accepted: 1, rejected: 0, message: '' }
  }
  own = new OwnTelemetry({ sources, pool: () => ({ decode }), clock, logger })
  await own.start()
})
afterEach(() => own.stop())

const sent = (count: number) =>
  expect.poll(() => requests.length, { timeout: 10_000, interval: 2 }).toBe(count)

/** The points of a report, as the ingest path would store them. */
function stored(request: DecodeRequest | undefined): Record<string, unknown>[] {
  if (request === undefined) throw new Error('nothing was reported')
  const ids = { bootId: 1, workerIndex: 0, workers: 1, used: 0 }
  const group = new OpenGroup({ ids, limits: defaultDecodeLimits, bodyBytesMax: 1e6, clock })
  expect(group.add(request)).toMatchObject({ rejected: 0, message: '' })
  const blocks = group.seal()
  const file = (table: string) => {
    const path = join(directory, `${table}.native`)
    writeFileSync(path, blocks.find((block) => block.table === table)?.bytes ?? '')
    return `file('${path}', Native)`
  }
  const sql = `SELECT s.metric AS metric, s.unit AS unit, s.service AS service, s.attr_str AS attributes,
      if(s.type = 'histogram', toFloat64(p.count), if(p.value_type = 'int', toFloat64(p.value_int), p.value)) AS value
    FROM ${file('metric_points')} AS p JOIN ${file('metric_series')} AS s USING (series_id) ORDER BY metric`
  const lines = query(sql, 'JSONEachRow').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('what the parts of the process count is stored every 15 s as metrics of the service oriel', async () => {
  const event = { method: 'GET', route: '/api/v1/search', status: 200, durationMs: 30 }
  const rest = { requestId: 'r', timeMs: 0, tenant: 't', actor: '', errorCode: '', rowsRead: 0, bytesRead: 0 }
  own.request({ ...event, ...rest })
  own.request({ ...event, ...rest })
  await clock.advance(14_999)
  expect(requests).toEqual([])
  await clock.advance(1)
  await sent(1)
  expect(requests[0]).toMatchObject({ tenant: 'default', signal: 'metrics', receivedAtMs: clock.nowMs() })
  const rows = stored(requests[0])
  const expected: [metric: string, unit: string, value: number][] = [
    ['http.server.request.duration', 's', 2],
    ['oriel.dead_letters', '{block}', 3],
    ['oriel.decode.worker.crashes', '{crash}', 11],
    ['oriel.ingest.in_flight', 'By', 5],
    ['oriel.ingest.refusals', '{request}', 6],
    ['oriel.ingest.resend.digests', '{request}', 7],
    ['oriel.journal.bytes', 'By', 4096],
    ['oriel.journal.lag', 's', 2],
    ['oriel.journal.rows', '{row}', 12],
    ['oriel.writer.refused', '{row}', 9],
    ['oriel.writer.retries', '{retry}', 10],
    ['oriel.writer.stored', '{row}', 8],
  ]
  for (const [metric, unit, value] of expected)
    expect(rows).toContainEqual(expect.objectContaining({ metric, unit, value, service: 'oriel' }))
  const others = rows
    .map(({ metric }) => metric)
    .filter((name) => !expected.some(([known]) => known === name))
  expect(others).toEqual([
    'nodejs.eventloop.delay.max',
    'nodejs.eventloop.delay.p99',
    'process.cpu.time',
    'process.cpu.time',
    'process.memory.usage',
  ])
  expect(logged).toEqual([])
})

test('a report that fails is logged, and the next is sent', async () => {
  answer = () => Promise.reject(new Error('journal is full'))
  await clock.advance(15_000)
  await expect.poll(() => logged.join('')).toContain('journal is full')
  answer = async () => undefined
  await clock.advance(15_000)
  await sent(2)
})

test('a report under way is neither doubled nor waited for at the stop', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  answer = () => promise
  await clock.advance(15_000)
  await sent(1)
  await clock.advance(30_000)
  await own.stop()
  expect(requests).toHaveLength(1)
  expect(clock.pending).toBe(0)
  resolve()
})
