/** Run by `oriel doctor` in a process of its own: opens the embedded engine on a scratch directory and prints its version. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { ChdbEngine } from '@oriel/storage'

const directory = mkdtempSync(join(tmpdir(), 'oriel-doctor-'))
const engine = new ChdbEngine({ directory, clock: systemClock, threads: 'unchecked' })
try {
  await engine.start()
  const { rows } = await engine.query<{ version: string }>({
    sql: 'SELECT version() AS version',
    lane: 'internal',
    limits: { timeMs: 10_000, memoryBytes: 100_000_000 },
  })
  process.stdout.write(`${rows[0]?.version}\n`)
} finally {
  await engine.stop()
  rmSync(directory, { recursive: true, force: true })
}
