import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, seededRandom, silentLogger, systemClock } from '@oriel/core'
import { ChdbEngine, migrateTelemetry, tableColumns } from '@oriel/storage'
import { expect, it } from 'vitest'
import { createIngest } from './app.ts'
import { ingestSettings } from './config.ts'
import { SegmentsJournal } from './journal/segments/segments-journal.ts'
import { ToldDecodePool } from './testing/told-decode-pool.ts'
import { Writer } from './write/writer.ts'

const clock = systemClock
const onRefused = () => Promise.reject(new Error('a block was refused'))

it('stores what was refused and resent, counted exactly, on the real journal, writer and engine', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'oriel-ledger-'))
  const engine = new ChdbEngine({ directory: join(directory, 'store'), clock, threads: 'unchecked' })
  try {
    await engine.start()
    await migrateTelemetry(engine)
    const journal = await SegmentsJournal.open({ directory: join(directory, 'journal'), clock, onRefused })
    const columnsOf = (table: Parameters<typeof tableColumns>[0]) =>
      tableColumns(table).map(({ name }) => name)
    const writer = new Writer({ journal, engine, columnsOf, onRefused, clock, random: seededRandom(1) })
    const overrides = { 'ingest.httpPort': 0, 'ingest.grpcPort': 0, 'ingest.ledgerFlushMs': 100 }
    const ingest = createIngest({
      settings: loadConfig([ingestSettings], { overrides }).get(ingestSettings),
      clock,
      logger: silentLogger,
      journal,
      writer,
      createPool: () => new ToldDecodePool(() => ({ accepted: 5, rejected: 2 })),
    })
    await ingest.start()
    const post = (type: string) => {
      const url = `http://127.0.0.1:${ingest.httpPort}/v1/logs`
      return fetch(url, { method: 'POST', headers: { 'content-type': type }, body: '{}' })
    }
    for (const type of ['application/json', 'application/json', 'application/json', 'text/plain'])
      await post(type)
    const rows = await waitForRows(engine, 3)
    expect(rows).toEqual([
      {
        tenant: '',
        signal: 'log',
        outcome: 'refused',
        reason: 'unsupported_media_type',
        requests: '1',
        items: '0',
      },
      { tenant: 'default', signal: 'log', outcome: 'resent', reason: '', requests: '2', items: '14' },
    ])
    await ingest.stop()
    await journal.close()
  } finally {
    await engine.stop()
    await rm(directory, { recursive: true, force: true })
  }
})

interface Row {
  readonly requests: string
}

/** Grouped without the minute, which may turn while the test runs. */
async function waitForRows(engine: ChdbEngine, requests: number): Promise<readonly Row[]> {
  const sql = `SELECT tenant, signal, outcome, reason, toString(sum(requests)) AS requests, toString(sum(items)) AS items
    FROM ingest_minute GROUP BY tenant, signal, outcome, reason ORDER BY tenant`
  const limits = { timeMs: 10_000, memoryBytes: 500_000_000 }
  for (;;) {
    const { rows } = await engine.query<Row>({ sql, lane: 'internal', limits })
    if (rows.reduce((sum, row) => sum + Number(row.requests), 0) >= requests) return rows
    await clock.sleep(50)
  }
}
