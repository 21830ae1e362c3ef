/** The peer of the ingest bench: ready-made blocks into the same tables of the same engine; prints one JSON line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, systemClock } from '@oriel/core'
import { planSettings, WorkerPool } from '@oriel/ingest'
import { ChdbEngine, migrateTelemetry, tableColumns } from '@oriel/storage'
import { spansPerRequest, tracePayload } from './payloads.ts'

const seconds = Number(process.argv[2] ?? '10')
const requests = 200
const directory = await mkdtemp(join(tmpdir(), 'oriel-bench-peer-'))
const blocks: Block[] = []
const pool = new WorkerPool({
  bootId: 1,
  workers: 1,
  onGroup: async (group) => {
    blocks.push(...group.blocks)
  },
})
await pool.start()
await Promise.all(
  Array.from({ length: requests }, (_, index) =>
    pool.decode({
      tenant: 'default',
      signal: 'traces',
      encoding: 'protobuf',
      compression: 'none',
      body: tracePayload(index * 7),
      receivedAtMs: Date.now(),
      digest: String(index),
    }),
  ),
)
await pool.stop()
const engine = new ChdbEngine({
  directory: join(directory, 'telemetry'),
  clock: systemClock,
  threads: 'unchecked',
})
await engine.start()
await migrateTelemetry(engine)
const tables = await Promise.all(
  [...Map.groupBy(blocks, (block) => block.table)].map(async ([table, own]) => {
    const path = join(directory, `${table}.native`)
    await writeFile(path, Buffer.concat(own.map((block) => block.bytes)))
    const bytes = own.reduce((sum, block) => sum + block.bytes.length, 0)
    return { table, path, rows: own.reduce((sum, block) => sum + block.rows, 0), bytes }
  }),
)
const startedMs = performance.now()
let rounds = 0
while (performance.now() - startedMs < seconds * 1000) {
  for (const { table, path } of tables) {
    await engine.insert({
      table,
      columns: tableColumns(table).map((column) => column.name),
      source: { kind: 'files', paths: [path] },
      token: `peer:${rounds}:${table}`,
      settings: planSettings,
    })
  }
  rounds += 1
}
const elapsedS = (performance.now() - startedMs) / 1000
await engine.stop()
await rm(directory, { recursive: true, force: true })
console.log(JSON.stringify({ spans_per_s: (rounds * requests * spansPerRequest) / elapsedS }))
process.exit()
