import type { Block, BlockGroup, OrielError, TelemetryTable } from '@oriel/core'
import type {
  InsertPlan,
  Journal,
  JournalBlocks,
  JournalMemory,
  JournalRange,
  JournalWork,
} from '@oriel/ingest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

/** One run of a journal over the same durable place. */
export interface OpenedJournal {
  readonly journal: Journal & JournalMemory & JournalBlocks
  /** Ends the run properly. */
  close(): Promise<void>
  /** The bytes that a planned insert of this table would read. */
  read(source: InsertPlan['inserts'][number]['source']): Promise<Buffer>
}

export interface JournalHarness {
  readonly name: string
  /** Opens the journal of this test; called again, it opens the same one after a restart. */
  open(limits?: { readonly bytesMax?: number; readonly rowsMax?: number }): Promise<OpenedJournal>
  dispose(): Promise<void>
}

let blockNumber = 0

export function makeBlock(
  table: TelemetryTable,
  rows = 1,
  bytes = Buffer.from(`${table} ${blockNumber}`),
): Block {
  blockNumber += 1
  return { table, schemaVersion: 1, blockId: blockNumber.toString(16).padStart(16, '0'), rows, bytes }
}

export function makeGroup(blocks: readonly Block[], digest?: string): BlockGroup {
  const receivedAtMs = Date.now()
  const receipt = { receivedAtMs, accepted: 1, rejected: 0, message: '' }
  return { blocks, requests: digest === undefined ? [] : [{ ...receipt, digest }] }
}

export function planOf(range: JournalRange): InsertPlan {
  const inserts = range.tables.map(({ table, source, rows }) => {
    const token = `${range.id}:${table}`
    return { table, columns: ['a', 'b'], source, token, settings: { max_threads: 1 }, rows }
  })
  return { rangeId: range.id, inserts }
}

/** Takes work one at a time, the way the writer does. */
export function take(journal: Journal) {
  const abort = new AbortController()
  const work = journal.subscribe(abort.signal)[Symbol.asyncIterator]()
  return {
    async next(): Promise<JournalWork> {
      const { value, done } = await work.next()
      if (done) throw new Error('the subscription ended')
      return value
    },
    async end(): Promise<void> {
      abort.abort()
      await work.return?.()
    },
  }
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: OrielError) => error.code,
  )

/** What every implementation of the Journal port must do. */
export function journalSuite(makeHarness: () => Promise<JournalHarness>, name: string): void {
  describe(`journal: ${name}`, () => {
    let harness: JournalHarness
    const opened: OpenedJournal[] = []

    const open: JournalHarness['open'] = async (limits) => {
      const of = await harness.open(limits)
      opened.push(of)
      return of
    }
    const reopen = async (limits?: Parameters<JournalHarness['open']>[0]) => {
      await opened.pop()?.close()
      return open(limits)
    }
    /** Takes and commits ranges until all the blocks were seen; returns their ids by table, in order. */
    const drain = async ({ journal, read }: OpenedJournal, blocks: number) => {
      const seen = new Map<TelemetryTable, { ids: string[]; bytes: Buffer[] }>()
      const taker = take(journal)
      for (let count = 0; count < blocks; ) {
        const { range } = await taker.next()
        const plan = planOf(range)
        await journal.plan(range, plan)
        for (const { table, source, blockIds } of range.tables) {
          const of = seen.get(table) ?? { ids: [], bytes: [] }
          of.ids.push(...blockIds)
          of.bytes.push(await read(source))
          seen.set(table, of)
          count += blockIds.length
        }
        await journal.commit(plan)
      }
      await taker.end()
      return seen
    }

    beforeEach(async () => {
      harness = await makeHarness()
    })
    afterEach(async () => {
      for (const of of opened.splice(0)) await of.close()
      await harness.dispose()
    })

    test('blocks of one table come out in the order they went in, byte for byte', async () => {
      const of = await open()
      const blocks = Array.from({ length: 20 }, () => makeBlock('events'))
      for (const block of blocks) await of.journal.append(makeGroup([block]))
      const seen = await drain(of, blocks.length)
      expect(seen.get('events')?.ids).toEqual(blocks.map((block) => block.blockId))
      expect(Buffer.concat(seen.get('events')?.bytes ?? [])).toEqual(
        Buffer.concat(blocks.map((block) => block.bytes)),
      )
    })

    test('concurrent appends are all kept, each once', async () => {
      const of = await open()
      const groups = Array.from({ length: 200 }, () =>
        makeGroup([makeBlock('events'), makeBlock('red_minute')]),
      )
      await Promise.all(groups.map((group) => of.journal.append(group)))
      const seen = await drain(of, 400)
      for (const [index, table] of (['events', 'red_minute'] as const).entries()) {
        const ids = groups.map((group) => group.blocks[index]?.blockId)
        expect([...(seen.get(table)?.ids ?? [])].sort()).toEqual(ids.sort())
      }
    })

    test('what was appended is there after a restart', async () => {
      const { journal } = await open()
      const blocks = [makeBlock('events', 3), makeBlock('trace_index', 2)]
      await journal.append(makeGroup(blocks))
      const after = await reopen()
      expect(after.journal.stats().rows).toBe(5)
      const seen = await drain(after, 2)
      expect(seen.get('events')?.ids).toEqual([blocks[0]?.blockId])
      expect(seen.get('trace_index')?.bytes).toEqual([blocks[1]?.bytes])
    })

    test('a group larger than any bound is kept whole', async () => {
      const of = await open({ rowsMax: 10 })
      await of.journal.append(makeGroup([makeBlock('events', 4)]))
      await of.journal.append(makeGroup([makeBlock('events', 100), makeBlock('red_minute', 7)]))
      const taker = take(of.journal)
      const ranges: JournalRange[] = []
      while (ranges.length < 2) {
        const { range } = await taker.next()
        ranges.push(range)
        await of.journal.plan(range, planOf(range))
        await of.journal.commit(planOf(range))
      }
      await taker.end()
      expect(ranges.map((range) => range.tables.map(({ table, rows }) => [table, rows]))).toEqual([
        [['events', 4]],
        [
          ['events', 100],
          ['red_minute', 7],
        ],
      ])
    })

    test('a full journal refuses and keeps nothing of the group', async () => {
      const of = await open({ bytesMax: 1000 })
      await of.journal.append(makeGroup([makeBlock('events', 1, Buffer.alloc(600, 1))]))
      const refused = of.journal.append(makeGroup([makeBlock('events', 1, Buffer.alloc(600, 2))], 'refused'))
      expect(await codeOf(refused)).toBe('journal_full')
      await of.journal.append(makeGroup([makeBlock('events', 1, Buffer.alloc(300, 3))]))
      expect([...of.journal.receipts()]).toEqual([])
      const after = await reopen()
      const seen = await drain(after, 2)
      expect(Buffer.concat(seen.get('events')?.bytes ?? [])).toEqual(
        Buffer.concat([Buffer.alloc(600, 1), Buffer.alloc(300, 3)]),
      )
      await after.journal.append(makeGroup([makeBlock('events', 1, Buffer.alloc(600, 4))]))
    })

    test('an interrupted plan comes back exactly, and first', async () => {
      const of = await open()
      await of.journal.append(makeGroup([makeBlock('events', 2), makeBlock('resources')]))
      const taker = take(of.journal)
      const { range } = await taker.next()
      const plan = planOf(range)
      const bytes = await of.read(range.tables[0]?.source ?? { kind: 'bytes', chunks: [] })
      await of.journal.plan(range, plan)
      await of.journal.append(makeGroup([makeBlock('events')]))
      await taker.end()
      const after = await reopen()
      const again = take(after.journal)
      const work = await again.next()
      expect(work).toMatchObject({ kind: 'plan', plan, range: { id: range.id } })
      expect(await after.read(plan.inserts[0]?.source ?? { kind: 'bytes', chunks: [] })).toEqual(bytes)
      await after.journal.commit(plan)
      expect(await again.next()).toMatchObject({
        kind: 'range',
        range: { tables: [{ table: 'events', rows: 1 }] },
      })
      await again.end()
    })

    test('a plan made durable a second time replaces the first', async () => {
      const of = await open()
      await of.journal.append(makeGroup([makeBlock('events'), makeBlock('events'), makeBlock('resources')]))
      const taker = take(of.journal)
      const { range } = await taker.next()
      await of.journal.plan(range, planOf(range))
      const blocks = await of.journal.split(range, 'events')
      const inserts = blocks.map(({ block, source }) => {
        const token = `${range.id}:${block.blockId}`
        return { table: block.table, columns: ['a'], source, token, settings: {}, rows: block.rows }
      })
      await of.journal.plan(range, { rangeId: range.id, inserts })
      await taker.end()
      const after = await reopen()
      const again = take(after.journal)
      const work = await again.next()
      expect(work).toMatchObject({ kind: 'plan', plan: { rangeId: range.id, inserts } })
      for (const [index, { block }] of blocks.entries()) {
        expect(await after.read(inserts[index]?.source ?? { kind: 'bytes', chunks: [] })).toEqual(
          Buffer.from(block.bytes),
        )
      }
      await again.end()
    })

    test('commit forgets the range and its bytes, also after a restart', async () => {
      const of = await open()
      await of.journal.append(makeGroup([makeBlock('events')]))
      await drain(of, 1)
      expect(of.journal.stats()).toMatchObject({
        bytes: 0,
        rows: 0,
        oldestReceivedAtMs: undefined,
        committedRanges: 1,
      })
      const after = await reopen()
      expect(after.journal.stats()).toMatchObject({ bytes: 0, rows: 0, oldestReceivedAtMs: undefined })
    })

    test('range ids never come again, so that no insert token does', async () => {
      const ids: string[] = []
      for (let run = 0; run < 3; run += 1) {
        const of = await reopen()
        await of.journal.append(makeGroup([makeBlock('events')]))
        const taker = take(of.journal)
        const { range } = await taker.next()
        ids.push(range.id)
        await of.journal.plan(range, planOf(range))
        await of.journal.commit(planOf(range))
        await taker.end()
      }
      expect(new Set(ids).size).toBe(3)
    })

    test('the next range waits for the commit of the one before', async () => {
      const { journal } = await open({ rowsMax: 1 })
      await journal.append(makeGroup([makeBlock('events')]))
      await journal.append(makeGroup([makeBlock('events')]))
      const taker = take(journal)
      const { range } = await taker.next()
      await journal.plan(range, planOf(range))
      let second: JournalRange | undefined
      const next = taker.next().then((work) => {
        second = work.range
      })
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(second).toBeUndefined()
      await journal.commit(planOf(range))
      await next
      expect(second?.id).not.toBe(range.id)
      await taker.end()
    })

    test('receipts survive commit and restart', async () => {
      const of = await open()
      await of.journal.append(makeGroup([makeBlock('events')], 'first'))
      await drain(of, 1)
      await of.journal.append(makeGroup([makeBlock('events')], 'second'))
      const digests = (from: OpenedJournal) => [...from.journal.receipts()].map((receipt) => receipt.digest)
      expect(digests(of)).toEqual(['first', 'second'])
      expect(digests(await reopen())).toEqual(['first', 'second'])
    })

    test('an append after close is refused', async () => {
      const of = await open()
      await of.close()
      expect(await codeOf(of.journal.append(makeGroup([makeBlock('events')])))).toBe('shutting_down')
    })
  })
}
