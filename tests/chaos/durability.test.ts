import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock, telemetryTables } from '@oriel/core'
import { SegmentsJournal } from '@oriel/ingest'
import { ChdbEngine, migrateTelemetry } from '@oriel/storage'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeBlock, makeGroup, planOf, take } from '../contract/journal.suite.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'oriel-durability-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** Why a tool cannot be used here; under CI=true that is a failure, not a skip. */
function missing(reason: string | undefined): boolean {
  if (reason === undefined) return false
  if (process.env.CI === 'true') throw new Error(reason)
  console.log(`skipped: ${reason}`)
  return true
}

const runs = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0

describe('system calls of one append', () => {
  const noStrace = missing(runs('strace', ['-o', '/dev/null', 'true']) ? undefined : 'strace cannot run here')

  /** Names of the synced files and directories between the two marks, in order. */
  async function synced(mode: 'always' | 'never'): Promise<string[]> {
    const trace = join(root, 'trace')
    const appender = fileURLToPath(new URL('./appender.ts', import.meta.url))
    const filter = ['-f', '-y', '-e', 'trace=fsync,fdatasync,write', '-o', trace]
    execFileSync('strace', [...filter, process.execPath, appender, join(root, 'journal'), mode], {
      stdio: 'pipe',
    })
    const lines = (await readFile(trace, 'utf8')).split('\n')
    const from = lines.findIndex((line) => line.includes('"before\\n"'))
    const to = lines.findIndex((line) => line.includes('"after\\n"'))
    expect(from).toBeGreaterThan(-1)
    expect(to).toBeGreaterThan(from)
    const calls = lines.slice(from, to).map((line) => /(?:fsync|fdatasync)\(\d+<([^>]+)>/.exec(line)?.[1])
    return calls.flatMap((path) => (path === undefined ? [] : [path.slice(root.length + 1)]))
  }

  test.skipIf(noStrace)(
    'both tables and both directories are synced, then the manifest, then it is answered',
    async () => {
      const names = await synced('always')
      const segment = 'journal/0000000001'
      expect(names.at(-1)).toBe(`${segment}/manifest`)
      const first = [`${segment}/events.native`, `${segment}/red_minute.native`, segment, 'journal']
      expect(names.slice(0, -1).sort()).toEqual(first.sort())
    },
  )

  test.skipIf(noStrace)('journal.sync never syncs nothing before the answer', async () => {
    expect(await synced('never')).toEqual([])
  })
})

test('every telemetry table syncs its parts and keeps merged ones for a while', async () => {
  const engine = new ChdbEngine({
    directory: join(root, 'telemetry'),
    clock: systemClock,
    threads: 'unchecked',
  })
  await engine.start()
  try {
    await migrateTelemetry(engine)
    const { rows } = await engine.query<{ name: string; sql: string }>({
      sql: 'SELECT name, create_table_query AS sql FROM system.tables WHERE database = currentDatabase()',
      lane: 'internal',
      limits: { timeMs: 10_000, memoryBytes: 100_000_000 },
    })
    for (const table of telemetryTables) {
      const settings = rows.find((row) => row.name === table)?.sql.split('SETTINGS ')[1] ?? ''
      const setting = (name: string) => Number(new RegExp(`\\b${name} = (\\d+)`).exec(settings)?.[1] ?? 'NaN')
      expect.soft(setting('fsync_after_insert'), table).toBe(1)
      expect.soft(setting('fsync_part_directory'), table).toBe(1)
      expect.soft(setting('min_rows_to_fsync_after_merge'), table).toBeGreaterThan(0)
      expect.soft(setting('old_parts_lifetime'), table).toBeGreaterThan(0)
      expect.soft(setting('non_replicated_deduplication_window'), table).toBeGreaterThanOrEqual(10_000)
    }
  } finally {
    await engine.stop()
  }
})

test('a full disk refuses appends and keeps what was acknowledged; with space again it goes on', async (context) => {
  const mount = join(root, 'small')
  await mkdir(mount)
  const mounted = runs('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mount])
  if (missing(mounted ? undefined : 'mounting a small tmpfs is not permitted here')) return context.skip()
  const directory = join(mount, 'journal')
  const open = () =>
    SegmentsJournal.open({
      directory,
      clock: systemClock,
      onRefused: () => Promise.reject(new Error('nothing is corrupt here')),
      limits: { sealMinAgeMs: 0, freeBytesMin: 0 },
    })
  try {
    await writeFile(join(mount, 'ballast'), Buffer.alloc(2 ** 20))
    let journal = await open()
    const kept: string[] = []
    const refusals: string[] = []
    while (refusals.length < 3) {
      const block = makeBlock('events', 1, Buffer.alloc(300_000, kept.length))
      await journal.append(makeGroup([block, makeBlock('red_minute')])).then(
        () => kept.push(block.blockId),
        (error: { code: string; message: string }) => refusals.push(`${error.code} ${error.message}`),
      )
    }
    expect(kept.length).toBeGreaterThan(5)
    for (const refusal of refusals) expect(refusal).toMatch(/^journal_full /)
    await journal.close()
    await rm(join(mount, 'ballast'))
    journal = await open()
    expect(journal.recovered).toMatchObject({ corruptBlocks: 0, tornBytes: 0 })
    const more = makeBlock('events', 1, Buffer.alloc(300_000))
    await journal.append(makeGroup([more]))
    const taker = take(journal)
    const seen: string[] = []
    while (journal.stats().rows > 0) {
      const { range } = await taker.next()
      seen.push(...(range.tables.find((of) => of.table === 'events')?.blockIds ?? []))
      await journal.plan(range, planOf(range))
      await journal.commit(planOf(range))
    }
    expect(seen).toEqual([...kept, more.blockId])
    await taker.end()
    await journal.close()
  } finally {
    execFileSync('umount', [mount])
  }
})
