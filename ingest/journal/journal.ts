import type { Block, BlockGroup, RequestReceipt, TelemetryTable } from '@oriel/core'
import type { BlockSource } from '@oriel/storage'

/** One table's part of a range: whole blocks in journal order. */
export interface RangeTable {
  readonly table: TelemetryTable
  readonly schemaVersion: number
  readonly rows: number
  readonly bytes: number
  readonly blockIds: readonly string[]
  /** Where the bytes are, for a planned insert; valid until the range is committed. */
  readonly source: BlockSource
}

/** One block of a range, on its own: what is left to try when the store refuses the whole. */
export interface RangeBlock {
  readonly block: Block
  readonly source: BlockSource
}

/** Reads the blocks of a range one by one; their sources are durable when it resolves, and stay the same when asked again. */
export interface JournalBlocks {
  split(range: JournalRange, table: TelemetryTable): Promise<readonly RangeBlock[]>
}

/** A closed, immutable run of groups, ready to be planned. */
export interface JournalRange {
  readonly id: string
  readonly tables: readonly RangeTable[]
  /** Oldest receive time in the range, for lag. */
  readonly oldestReceivedAtMs: number
}

/** The exact inserts of one range, durable before the first of them starts; replayed, never regrouped. */
export interface InsertPlan {
  readonly rangeId: string
  readonly inserts: readonly PlannedInsert[]
}

export interface PlannedInsert {
  readonly table: TelemetryTable
  readonly columns: readonly string[]
  readonly source: BlockSource
  readonly token: string
  readonly settings: Readonly<Record<string, string | number>>
  readonly rows: number
}

/** Handed to a subscriber: either a range not yet planned, or a plan that a crash interrupted. */
export type JournalWork =
  | { readonly kind: 'range'; readonly range: JournalRange }
  | { readonly kind: 'plan'; readonly range: JournalRange; readonly plan: InsertPlan }

export interface JournalStats {
  readonly bytes: number
  readonly bytesMax: number
  readonly rows: number
  /** Receive time of the oldest group not yet committed; undefined when the journal is empty. */
  readonly oldestReceivedAtMs: number | undefined
  readonly appendedGroups: number
  readonly committedRanges: number
}

/**
 * The append-only, durable log between ingest and storage. Four verbs; one contract suite runs on every implementation.
 * `append` resolves when the group survives power loss (or, with `journal.sync: never`, when it is written), and rejects with
 * journal_full without having kept anything.
 * `subscribe` yields unfinished plans of the run before first, then ranges in order, one at a time: the next is yielded
 * after the one before was committed.
 * `plan` makes the plan durable; `commit` forgets the range and its bytes.
 */
export interface Journal {
  append(group: BlockGroup): Promise<void>
  subscribe(signal: AbortSignal): AsyncIterable<JournalWork>
  plan(range: JournalRange, plan: InsertPlan): Promise<void>
  commit(plan: InsertPlan): Promise<void>
}

/** What the journal remembers beside its blocks. */
export interface JournalMemory {
  stats(): JournalStats
  /** Receipts of the last ten minutes, also from before a restart. */
  receipts(): Iterable<RequestReceipt>
}
