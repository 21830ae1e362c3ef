import { type DatasetOptions, openDataset } from './dataset.ts'

/** Bytes on disk per span, all columns and indexes, after merges. */
export async function run(options: DatasetOptions): Promise<Record<string, number>> {
  const { engine } = await openDataset(options)
  try {
    const { rows } = await engine.query<{ readonly spans: string; readonly bytes: string }>({
      sql: `SELECT sum(rows) AS spans, sum(bytes_on_disk) AS bytes FROM system.parts
WHERE active AND database = currentDatabase() AND table = 'events' AND startsWith(partition, '(\\'span\\'')`,
      lane: 'internal',
      limits: { timeMs: 60_000, memoryBytes: 1_000_000_000 },
    })
    const spans = Number(rows[0]?.spans)
    const bytes = Number(rows[0]?.bytes)
    return { spans, bytes, bytes_per_span: Math.round((bytes / spans) * 10) / 10 }
  } finally {
    await engine.stop()
  }
}
