import { copyFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { systemClock } from '@oriel/core'
import type { Disk, DiskFile, RefusedBlock } from '@oriel/ingest'
import { nodeDisk, SegmentsJournal } from '@oriel/ingest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeBlock, makeGroup, planOf, take } from './journal.suite.ts'

type Call = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'makeDirectory' | 'syncDirectory'

/** The real disk, with a look before every call that changes something; the look may throw in its place. */
function watchedDisk(look: (call: Call, path: string) => Promise<void>): Disk {
  const file = (inner: DiskFile, path: string): DiskFile => ({
    write: (chunks, position) => look('write', path).then(() => inner.write(chunks, position)),
    sync: () => look('sync', path).then(() => inner.sync()),
    truncate: (bytes) => look('truncate', path).then(() => inner.truncate(bytes)),
    close: () => inner.close(),
  })
  return {
    open: async (path, mode) => {
      await look('open', path)
      return file(await nodeDisk.open(path, mode), path)
    },
    makeDirectory: (path) => look('makeDirectory', path).then(() => nodeDisk.makeDirectory(path)),
    syncDirectory: (path) => look('syncDirectory', path).then(() => nodeDisk.syncDirectory(path)),
    rename: (from, to) => look('rename', from).then(() => nodeDisk.rename(from, to)),
    remove: (path) => look('remove', path).then(() => nodeDisk.remove(path)),
    freeBytes: (path) => nodeDisk.freeBytes(path),
  }
}

const limits = { sealMinAgeMs: 0, freeBytesMin: 0 }
let root = ''
let directory = ''
let refused: RefusedBlock[] = []
const openJournals: SegmentsJournal[] = []

async function open(at = directory, disk: Disk = nodeDisk): Promise<SegmentsJournal> {
  const onRefused = async (block: RefusedBlock) => {
    refused.push(block)
  }
  const journal = await SegmentsJournal.open({ directory: at, clock: systemClock, onRefused, limits, disk })
  openJournals.push(journal)
  return journal
}

/** Block ids the journal still holds, by table; commits everything. */
async function drainIds(journal: SegmentsJournal): Promise<Record<string, string[]>> {
  const ids: Record<string, string[]> = {}
  const taker = take(journal)
  while (journal.stats().rows > 0) {
    const { range } = await taker.next()
    for (const { table, blockIds, source, bytes } of range.tables) {
      ids[table] = [...(ids[table] ?? []), ...blockIds]
      const size = source.kind === 'files' ? (await stat(source.paths[0] ?? '')).size : -1
      expect(size).toBe(bytes)
    }
    await journal.plan(range, planOf(range))
    await journal.commit(planOf(range))
  }
  await taker.end()
  return ids
}

const twoTables = () =>
  makeGroup([makeBlock('events', 2), makeBlock('red_minute')], `digest ${Math.random()}`)

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'oriel-crash-'))
  directory = join(root, 'journal')
  refused = []
})
afterEach(async () => {
  for (const journal of openJournals.splice(0)) await journal.close()
  await rm(root, { recursive: true, force: true })
})

describe('a crash between any two calls', () => {
  /** Appends, plans and commits, taking a picture of the directory before every call that changes the disk. */
  async function pictures(keep: 'what the kernel had' | 'what was synced') {
    const taken: { path: string; acknowledged: string[]; committed: string[] }[] = []
    const acknowledged: string[] = []
    const committed: string[] = []
    const syncedBytes = new Map<string, number>()
    let chain = Promise.resolve()
    const picture = async () => {
      const path = join(root, `picture-${taken.length}`)
      taken.push({ path, acknowledged: [...acknowledged], committed: [...committed] })
      await cp(directory, path, { recursive: true })
      if (keep === 'what the kernel had') return
      for (const [file, bytes] of syncedBytes) {
        const copy = join(path, relative(directory, file))
        const size = await stat(copy)
          .then((of) => of.size)
          .catch(() => 0)
        if (size > bytes) await truncate(copy, bytes)
      }
    }
    // one at a time, so that a picture is of one moment
    const disk = watchedDisk((call, path) => {
      chain = chain.then(async () => {
        if ((await stat(directory).catch(() => undefined)) !== undefined) await picture()
        if (call === 'open' && !syncedBytes.has(path)) syncedBytes.set(path, 0)
        if (call === 'sync') syncedBytes.set(path, (await stat(path)).size)
      })
      return chain
    })
    const journal = await open(directory, disk)
    for (let round = 0; round < 2; round += 1) {
      const group = twoTables()
      await journal.append(group)
      acknowledged.push(group.blocks[0]?.blockId ?? '')
      const taker = take(journal)
      const { range } = await taker.next()
      await journal.plan(range, planOf(range))
      // from here on the store may have it: a picture may hold it or not, but holds no part of it
      committed.push(group.blocks[0]?.blockId ?? '')
      await journal.commit(planOf(range))
      await taker.end()
    }
    return taken
  }

  for (const keep of ['what the kernel had', 'what was synced'] as const) {
    test(`keeps every acknowledged group whole (${keep})`, async () => {
      const taken = await pictures(keep)
      expect(taken.length).toBeGreaterThan(30)
      for (const { path, acknowledged, committed } of taken) {
        const journal = await open(path)
        expect(refused).toEqual([])
        const digests = [...journal.receipts()].length
        expect(digests).toBeGreaterThanOrEqual(acknowledged.length)
        const ids = await drainIds(journal)
        const events = ids.events ?? []
        for (const id of acknowledged) if (!committed.includes(id)) expect(events).toContain(id)
        expect(new Set(events).size).toBe(events.length)
        expect(ids.red_minute ?? []).toHaveLength(events.length)
      }
    })
  }
})

describe('a disk that fails', () => {
  for (const call of ['open', 'write', 'sync'] as const) {
    for (const file of ['events.native', 'red_minute.native', 'manifest']) {
      test(`${call} of ${file}: the append is refused, nothing of it is kept, the next one works`, async () => {
        let failing = false
        const disk = watchedDisk(async (of, path) => {
          if (failing && of === call && path.endsWith(file))
            throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })
        })
        const journal = await open(directory, disk)
        const before = makeGroup([makeBlock('events')])
        // an open can only fail in a fresh segment
        if (call !== 'open') await journal.append(before)
        failing = true
        await expect(journal.append(twoTables())).rejects.toMatchObject({
          code: 'journal_full',
          retryable: true,
        })
        failing = false
        const after = twoTables()
        await journal.append(after)
        const kept = [...(call === 'open' ? [] : [before]), after].map((group) => group.blocks[0]?.blockId)
        expect((await drainIds(journal)).events).toEqual(kept)
        const copy = join(root, 'copy')
        await cp(directory, copy, { recursive: true })
        expect((await open(copy)).recovered).toMatchObject({ segments: 0, corruptBlocks: 0 })
      })
    }
  }

  test('after a failed sync the segment is never appended to again', async () => {
    let failing = false
    const written: string[] = []
    const disk = watchedDisk(async (call, path) => {
      if (failing && call === 'sync' && path.endsWith('events.native')) throw new Error('EIO')
      if (call === 'write') written.push(path)
    })
    const journal = await open(directory, disk)
    await journal.append(makeGroup([makeBlock('events')]))
    failing = true
    await expect(journal.append(makeGroup([makeBlock('events')]))).rejects.toMatchObject({
      code: 'journal_full',
    })
    failing = false
    const seen = written.length
    await journal.append(makeGroup([makeBlock('events')]))
    const [first] = written
    expect(written.slice(seen)).not.toContain(first)
  })

  test('too little free space refuses before anything is written', async () => {
    const journal = await SegmentsJournal.open({
      directory,
      clock: systemClock,
      onRefused: () => Promise.reject(new Error('unexpected')),
      limits: { freeBytesMin: 2 ** 52 },
    })
    openJournals.push(journal)
    await expect(journal.append(twoTables())).rejects.toMatchObject({ code: 'journal_full' })
    expect(await readdir(directory)).toEqual(['id'])
  })
})

describe('damage found at the next start', () => {
  const segmentFile = async (name: string) => {
    const [segment = ''] = (await readdir(directory)).filter((of) => /^\d+$/.test(of))
    return join(directory, segment, name)
  }

  test('a torn tail is cut and counted', async () => {
    const journal = await open()
    const group = twoTables()
    await journal.append(group)
    await journal.close()
    for (const name of ['manifest', 'events.native']) {
      const path = await segmentFile(name)
      await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(100)]))
    }
    const after = await open()
    expect(after.recovered).toEqual({ segments: 1, tornBytes: 200, corruptBlocks: 0 })
    expect(await drainIds(after)).toMatchObject({ events: [group.blocks[0]?.blockId] })
  })

  test('a flipped byte sends that block to the dead letters and stores the others', async () => {
    const journal = await open()
    const groups = [twoTables(), twoTables(), twoTables()]
    for (const group of groups) await journal.append(group)
    await journal.close()
    const path = await segmentFile('events.native')
    const bytes = await readFile(path)
    const at = groups[0]?.blocks[0]?.bytes.length ?? 0
    bytes[at] = (bytes[at] ?? 0) ^ 1
    await writeFile(path, bytes)
    const after = await open()
    expect(refused.map(({ block, code }) => [block.blockId, code])).toEqual([
      [groups[1]?.blocks[0]?.blockId, 'corrupt'],
    ])
    const ids = await drainIds(after)
    expect(ids.events).toEqual([groups[0], groups[2]].map((group) => group?.blocks[0]?.blockId))
    expect(ids.red_minute).toHaveLength(3)
    expect([...after.receipts()]).toHaveLength(3)
  })

  test('a flipped byte under a plan takes that table out of the plan', async () => {
    const journal = await open()
    await journal.append(twoTables())
    const taker = take(journal)
    const { range } = await taker.next()
    await journal.plan(range, planOf(range))
    await taker.end()
    await journal.close()
    const path = await segmentFile('events.native')
    const bytes = await readFile(path)
    bytes[0] = (bytes[0] ?? 0) ^ 1
    await writeFile(path, bytes)
    const after = await open()
    const again = take(after)
    const work = await again.next()
    expect(work.kind === 'plan' && work.plan.inserts.map((insert) => insert.table)).toEqual(['red_minute'])
    expect(refused).toHaveLength(1)
    await again.end()
  })

  test('a crash while a damaged segment is rewritten changes nothing', async () => {
    const journal = await open()
    const groups = [twoTables(), twoTables()]
    for (const group of groups) await journal.append(group)
    await journal.close()
    const path = await segmentFile('events.native')
    const bytes = await readFile(path)
    bytes[0] = (bytes[0] ?? 0) ^ 1
    await writeFile(path, bytes)
    const stages: string[] = []
    const disk = watchedDisk(async () => {
      const copy = join(root, `stage-${stages.length}`)
      stages.push(copy)
      await cp(directory, copy, { recursive: true })
    })
    await open(directory, disk)
    for (const stage of stages) {
      const ids = await drainIds(await open(stage))
      expect(ids.events).toEqual([groups[1]?.blocks[0]?.blockId])
      expect(ids.red_minute).toHaveLength(2)
    }
    expect(stages.length).toBeGreaterThan(10)
  })

  test('the journal may be moved to another directory with a plan in it', async () => {
    const journal = await open()
    await journal.append(twoTables())
    const taker = take(journal)
    const { range } = await taker.next()
    await journal.plan(range, planOf(range))
    await taker.end()
    const moved = join(root, 'moved')
    await cp(directory, moved, { recursive: true })
    const again = take(await open(moved))
    const work = await again.next()
    const sources =
      work.kind === 'plan'
        ? work.plan.inserts.flatMap(({ source }) => (source.kind === 'files' ? source.paths : []))
        : []
    expect(sources).toHaveLength(2)
    for (const source of sources) expect(source.startsWith(moved)).toBe(true)
    await copyFile(sources[0] ?? '', join(root, 'readable'))
    await again.end()
  })
})
