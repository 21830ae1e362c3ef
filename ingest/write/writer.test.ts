import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Block, OrielError, systemClock, type TelemetryTable } from '@oriel/core'
import type { BlockInsert } from '@oriel/storage'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SegmentsJournal } from '../journal/segments/segments-journal.ts'
import { DeadLetters } from './dead-letters.ts'
import { Writer } from './writer.ts'

/** A store in memory that keeps one insert per token, like the real one, and answers as the test says. */
class MemoryStore {
  readonly stored = new Map<string, string>()
  readonly seen: BlockInsert[] = []
  answer: (insert: BlockInsert, text: string) => OrielError | undefined = () => undefined

  async insert(insert: BlockInsert): Promise<void> {
    this.seen.push(insert)
    const { source } = insert
    const parts =
      source.kind === 'bytes' ? source.chunks : await Promise.all(source.paths.map((path) => readFile(path)))
    const text = Buffer.concat(parts).toString()
    const error = this.answer(insert, text)
    if (error !== undefined) throw error
    const before = this.stored.get(insert.token)
    if (before !== undefined && before !== text)
      throw new Error(`token ${insert.token} came with other bytes`)
    this.stored.set(insert.token, text)
  }

  get texts(): string[] {
    return [...this.stored.values()].sort()
  }
}

let root = ''
let journal: SegmentsJournal
let store: MemoryStore
let deadLetters: DeadLetters
let writer: Writer | undefined
let blocks = 0

const openJournal = () =>
  SegmentsJournal.open({
    directory: join(root, 'journal'),
    clock: systemClock,
    onRefused: (refused) => deadLetters.add(refused),
    limits: { sealMinAgeMs: 0, freeBytesMin: 0 },
  })

function startWriter(): Promise<void> {
  writer = new Writer({
    journal,
    engine: store,
    columnsOf: (table) => [`${table}_column`],
    onRefused: (refused) => deadLetters.add(refused),
    clock: systemClock,
    random: { next: () => 0.5 },
    retry: { attemptsMax: Number.POSITIVE_INFINITY, baseDelayMs: 1, delayMaxMs: 2 },
    breaker: { failuresMax: 3, openMs: 5 },
  })
  return writer.start()
}

function block(table: TelemetryTable, text: string): Block {
  blocks += 1
  return {
    table,
    schemaVersion: 1,
    blockId: blocks.toString(16).padStart(16, '0'),
    rows: 1,
    bytes: Buffer.from(text),
  }
}

const append = (...of: Block[]) => journal.append({ blocks: of, requests: [] })
const drained = () => expect.poll(() => journal.stats().rows, { timeout: 20_000, interval: 5 }).toBe(0)
const refusal = () => new OrielError('store_refused', 'bad block')
const outage = () => new OrielError('store_unavailable', 'down', { retryable: true })

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'oriel-writer-'))
  deadLetters = new DeadLetters({ directory: join(root, 'dead-letters'), clock: systemClock })
  journal = await openJournal()
  store = new MemoryStore()
})
afterEach(async () => {
  await writer?.stop()
  await journal.close()
  await rm(root, { recursive: true, force: true })
})

test('a range becomes one insert per table, events last, with a token of journal, segment and table', async () => {
  await Promise.all([append(block('events', 'a'), block('resources', 'r')), append(block('events', 'b'))])
  await startWriter()
  await drained()
  const tokens = store.seen.map((insert) => insert.token)
  expect(tokens).toEqual(['resources', 'events'].map((table) => `${journal.id}:0000000001:${table}`))
  expect(store.seen[1]).toMatchObject({
    columns: ['events_column'],
    settings: { max_threads: 1, max_insert_threads: 1 },
  })
  expect(store.texts).toEqual(['ab', 'r'])
  expect(writer?.stats()).toMatchObject({ storedRows: 3, storedRanges: 1, retries: 0, breaker: 'closed' })
})

test('a store that is down is asked again until it answers, and nothing goes to the dead letters', async () => {
  let failures = 8
  store.answer = () => {
    failures -= 1
    return failures >= 0 ? outage() : undefined
  }
  await append(block('events', 'a'))
  await startWriter()
  await drained()
  expect(store.texts).toEqual(['a'])
  expect(await deadLetters.list()).toEqual([])
  expect(writer?.stats()).toMatchObject({ retries: 8, lastError: undefined })
})

test('a stop during an outage ends at once, and the next writer repeats the same plan', async () => {
  store.answer = (insert) => (insert.table === 'events' ? outage() : undefined)
  await append(block('resources', 'r'), block('events', 'a'))
  await startWriter()
  await expect.poll(() => writer?.stats().breaker, { timeout: 10_000 }).toBe('open')
  await writer?.stop()
  await journal.close()
  journal = await openJournal()
  await append(block('events', 'later'))
  store.answer = () => undefined
  const planned = store.seen.filter((insert) => insert.table === 'events').at(-1)
  const seen = store.seen.length
  await startWriter()
  await drained()
  expect(store.seen.slice(seen).map((insert) => insert.token)).toContain(planned?.token)
  expect(store.texts).toEqual(['a', 'later', 'r'])
})

test('a refused insert falls apart into its blocks; the bad one is set aside with its bytes, the others are stored', async () => {
  const bad = block('events', 'BAD')
  store.answer = (_, text) => (text.includes('BAD') ? refusal() : undefined)
  await Promise.all([
    append(block('events', 'a')),
    append(bad, block('resources', 'r')),
    append(block('events', 'c')),
  ])
  await startWriter()
  await drained()
  expect(store.texts).toEqual(['a', 'c', 'r'])
  const letters = await deadLetters.list()
  expect(letters).toMatchObject([
    { blockId: bad.blockId, code: 'store_refused', message: 'bad block', state: 'refused' },
  ])
  expect(await readFile(join(root, 'dead-letters', `${letters[0]?.id}.native`), 'utf8')).toBe('BAD')
  expect(writer?.stats()).toMatchObject({ refusedBlocks: 1, refusedRows: 1, storedRows: 3 })
})

test('a crash amid the blocks of a refused insert stores and refuses each once', async () => {
  store.answer = (_, text) => {
    if (text.length > 1 && text !== 'BAD') return refusal()
    if (text === 'BAD') return refusal()
    return text === 'c' ? outage() : undefined
  }
  await Promise.all([
    append(block('events', 'a')),
    append(block('events', 'BAD')),
    append(block('events', 'c')),
  ])
  await startWriter()
  await expect.poll(() => writer?.stats().breaker, { timeout: 10_000 }).toBe('open')
  await writer?.stop()
  await journal.close()
  journal = await openJournal()
  store.answer = (_, text) => (text === 'BAD' ? refusal() : undefined)
  await startWriter()
  await drained()
  expect(store.texts).toEqual(['a', 'c'])
  expect(await deadLetters.list()).toHaveLength(1)
})

test('a replay puts the block back through the journal and drops the letter', async () => {
  store.answer = () => refusal()
  await append(block('events', 'again'))
  await startWriter()
  await drained()
  store.answer = () => undefined
  const [letter] = await deadLetters.list()
  expect(await deadLetters.replay(journal, { ids: [letter?.id ?? ''] })).toMatchObject({
    replayed: [letter?.id],
    skipped: [],
  })
  await drained()
  expect(store.texts).toEqual(['again'])
  expect(await deadLetters.list()).toEqual([])
})

test('a replay that the journal refuses keeps the letter as it was', async () => {
  await deadLetters.add({ block: block('events', 'x'), code: 'store_refused', message: 'm', rangeId: 'j:1' })
  const full = new OrielError('journal_full', 'full')
  await expect(deadLetters.replay({ append: () => Promise.reject(full) })).rejects.toBe(full)
  expect(await deadLetters.list()).toMatchObject([{ state: 'refused' }])
})

test('corrupt letters and those of a replay cut off are skipped with the reason', async () => {
  await deadLetters.add({ block: block('events', 'x'), code: 'corrupt', message: 'm', rangeId: 'j:1' })
  await deadLetters.add({ block: block('events', 'y'), code: 'store_refused', message: 'm', rangeId: 'j:1' })
  // a crash right after the append
  let appended = 0
  const crash = new Promise<never>(() => undefined)
  void deadLetters.replay({
    append: () => {
      appended += 1
      return crash
    },
  })
  await expect.poll(() => appended).toBe(1)
  const { replayed, skipped } = await deadLetters.replay(journal)
  expect(replayed).toEqual([])
  expect(skipped.map(({ reason }) => reason).sort()).toEqual([
    'an earlier replay was cut off: it may be stored already',
    'its bytes do not match their check sum',
  ])
  expect((await deadLetters.replay(journal, { take: 'doubtful' })).replayed).toHaveLength(1)
})

test('an unknown letter is named', async () => {
  await expect(deadLetters.replay(journal, { ids: ['nope'] })).rejects.toMatchObject({ code: 'not_found' })
})
