/**
 * The whole ingest in a process that the chaos test kills: OTLP over HTTP, decode workers, journal, writer, chDB.
 * Arguments: data directory, `serve` or `drain`. `serve` prints `port <number>`; `drain` prints one JSON object.
 */
import { randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, loadConfig, systemClock, systemRandom } from '@oriel/core'
import {
  createIngest,
  DeadLetters,
  ingestSettings,
  lockDataDirectory,
  SegmentsJournal,
  WorkerPool,
  Writer,
} from '@oriel/ingest'
import { ChdbEngine, migrateTelemetry, tableColumns } from '@oriel/storage'

const [dataDirectory = '', mode = 'serve'] = process.argv.slice(2)
const clock = systemClock

await lockDataDirectory(dataDirectory)
const engine = new ChdbEngine({ directory: join(dataDirectory, 'telemetry'), clock })
await engine.start()
await migrateTelemetry(engine)
const deadLetters = new DeadLetters({ directory: join(dataDirectory, 'dead-letters'), clock })
const journal = await SegmentsJournal.open({
  directory: join(dataDirectory, 'journal'),
  clock,
  onRefused: (refused) => deadLetters.add(refused),
  limits: { sealMinAgeMs: 20, freeBytesMin: 0 },
})
const writer = new Writer({
  journal,
  engine,
  columnsOf: (table) => tableColumns(table).map((column) => column.name),
  onRefused: (refused) => deadLetters.add(refused),
  clock,
  random: systemRandom,
})

if (mode === 'serve') await serve()
else await drain()

async function serve(): Promise<void> {
  const overrides = { 'ingest.httpPort': 0, 'ingest.grpcPort': 0 }
  const ingest = createIngest({
    settings: loadConfig([ingestSettings], { overrides }).get(ingestSettings),
    clock,
    logger: createLogger({ clock, level: 'error' }),
    journal,
    createPool: (onGroup) =>
      new WorkerPool({ onGroup, bootId: randomBytes(4).readUInt32LE(0), lingerMs: 20 }),
    writer,
  })
  await ingest.start()
  writeSync(1, `port ${ingest.httpPort}\n`)
}

async function drain(): Promise<void> {
  await writer.start()
  while (journal.stats().rows > 0) await clock.sleep(5)
  const limits = { timeMs: 30_000, memoryBytes: 500_000_000 }
  const ask = async (sql: string) =>
    (await engine.query<Record<string, string>>({ sql, lane: 'query', limits })).rows
  const spans = await ask('SELECT lower(hex(span_id)) AS id, count() AS rows FROM events GROUP BY span_id')
  const [sums] = await ask(
    'SELECT (SELECT sum(rows) FROM red_minute) AS red, (SELECT sum(spans) FROM trace_index) AS traces',
  )
  const letters = (await deadLetters.list()).map(({ code, message }) => `${code}: ${message}`)
  process.stdout.write(`${JSON.stringify({ spans, sums, letters })}\n`, () => process.exit(0))
}
