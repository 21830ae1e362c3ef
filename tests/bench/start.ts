import { OrielProcess } from '../harness/oriel-process.ts'
import { benchDirectory } from './bench-directory.ts'
import { openDataset } from './dataset.ts'
import { cpuSeconds, rssMiB } from './process-usage.ts'

/** A warm start on a data directory that holds the set, then idling. */
export async function run({
  seconds,
  spans,
}: {
  readonly seconds: number
  readonly spans: number
}): Promise<Record<string, number>> {
  const directory = benchDirectory()
  const dataset = await openDataset({ directory, spans })
  await dataset.engine.stop()
  await (await OrielProcess.start({ dataDir: directory })).stop()
  const oriel = await OrielProcess.start({ dataDir: directory })
  const { readyMs } = oriel
  try {
    const before = cpuSeconds(oriel.pid)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    return {
      ready_ms: Math.round(readyMs),
      idle_cpu_ratio: Math.round(((cpuSeconds(oriel.pid) - before) / seconds) * 10_000) / 10_000,
      idle_rss_mb: rssMiB(oriel.pid),
    }
  } finally {
    await oriel.stop()
  }
}
