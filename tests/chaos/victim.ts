/**
 * The process that the chaos test kills: journal, writer and chDB under load.
 * Arguments: data directory, `load` or `drain`, number of the first group, engine threads.
 * `load` prints `ack <group>` after each append; `drain` stores what is left and prints one JSON object.
 */
import { once } from 'node:events'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import type { BlockGroup, TelemetryTable } from '@oriel/core'
import { OrielError, systemClock, systemRandom } from '@oriel/core'
import { DeadLetters, lockDataDirectory, SegmentsJournal, Writer } from '@oriel/ingest'
import { ChdbEngine, migrateTelemetry } from '@oriel/storage'
import { nativeBlock } from './native.ts'
import { rowsOf } from './rows-of.ts'

const [dataDirectory = '', mode = 'load', firstGroup = '0', threads = '1'] = process.argv.slice(2)
const columns: Partial<Record<TelemetryTable, readonly string[]>> = {
  events: ['tenant', 'signal', 'time', 'service', 'name', 'block_id', 'row_no'],
  red_minute: ['tenant', 'minute', 'service', 'name', 'rows'],
}
const startNs = 1_790_000_000_000_000_000n
const dayNs = 86_400_000_000_000n

/** Rows over two days (two partitions) and their rollup, all following from the number. */
function groupOf(group: number): BlockGroup {
  const rows = rowsOf(group)
  const blockId = group.toString(16).padStart(16, '0')
  const repeat = (value: string | bigint) => Array.from({ length: rows }, () => value)
  const numbers = Array.from({ length: rows }, (_, row) => BigInt(row))
  const events = nativeBlock([
    { name: 'tenant', type: 'String', values: repeat('chaos') },
    { name: 'signal', type: 'String', values: repeat('span') },
    { name: 'time', type: 'Int64', values: numbers.map((row) => startNs + (row % 2n) * dayNs + row) },
    { name: 'service', type: 'String', values: repeat('victim') },
    { name: 'name', type: 'String', values: repeat(`g${group % 50}`) },
    { name: 'block_id', type: 'UInt64', values: repeat(BigInt(group)) },
    { name: 'row_no', type: 'UInt64', values: numbers },
  ])
  const red = nativeBlock([
    { name: 'tenant', type: 'String', values: ['chaos'] },
    { name: 'minute', type: 'UInt64', values: [1_790_000_000n] },
    { name: 'service', type: 'String', values: [`group ${group}`] },
    { name: 'name', type: 'String', values: [''] },
    { name: 'rows', type: 'UInt64', values: [BigInt(rows)] },
  ])
  return {
    blocks: [
      { table: 'events', schemaVersion: 1, blockId, rows, bytes: events },
      { table: 'red_minute', schemaVersion: 1, blockId, rows: 1, bytes: red },
    ],
    requests: [
      { digest: blockId, receivedAtMs: systemClock.nowMs(), accepted: rows, rejected: 0, message: '' },
    ],
  }
}

const lock = await lockDataDirectory(dataDirectory)
const engine = new ChdbEngine({ directory: join(dataDirectory, 'telemetry'), clock: systemClock })
await engine.start()
await migrateTelemetry(engine)
const deadLetters = new DeadLetters({ directory: join(dataDirectory, 'dead-letters'), clock: systemClock })
const journal = await SegmentsJournal.open({
  directory: join(dataDirectory, 'journal'),
  clock: systemClock,
  onRefused: (refused) => deadLetters.add(refused),
  limits: { sealMinAgeMs: 20, freeBytesMin: 0, bytesMax: 64 * 2 ** 20 },
})
const writer = new Writer({
  journal,
  // what the engine would use of its own accord differs from run to run; the plan's settings must win
  engine: {
    insert: (insert) =>
      engine.insert({
        ...insert,
        settings: {
          max_threads: threads,
          max_insert_threads: threads,
          max_block_size: 50,
          ...insert.settings,
        },
      }),
  },
  columnsOf: (table) => columns[table] ?? [],
  onRefused: (refused) => deadLetters.add(refused),
  clock: systemClock,
  random: systemRandom,
})
await writer.start()
if (mode === 'load') await Promise.all([0, 1, 2, 3].map((lane) => load(Number(firstGroup) + lane)))
else await drain()

async function load(first: number): Promise<void> {
  for (let group = first; ; group += 4) {
    try {
      await journal.append(groupOf(group))
      // written at once: what is on the pipe counts as answered
      writeSync(1, `ack ${group}\n`)
    } catch (error) {
      if (!(error instanceof OrielError && error.code === 'journal_full')) throw error
      await systemClock.sleep(10)
    }
  }
}

async function drain(): Promise<void> {
  while (journal.stats().rows > 0) await systemClock.sleep(5)
  const limits = { timeMs: 30_000, memoryBytes: 500_000_000 }
  const ask = async (sql: string) =>
    (await engine.query<Record<string, string>>({ sql, lane: 'query', limits })).rows
  const events = await ask(
    'SELECT block_id AS group, count() AS rows, uniqExact(row_no) AS distinct FROM events GROUP BY block_id',
  )
  const rollup = await ask('SELECT service, sum(rows) AS rows FROM red_minute GROUP BY service')
  const letters = (await deadLetters.list()).map(({ code, message }) => `${code}: ${message}`)
  const receipts = [...journal.receipts()].length
  await writer.stop()
  await journal.close()
  await engine.stop()
  await lock.release()
  process.stdout.write(
    `${JSON.stringify({ events, rollup, letters, receipts, recovered: journal.recovered })}\n`,
  )
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
}
