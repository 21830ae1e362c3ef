import type { TelemetryTable } from '@oriel/core'
import type { InsertPlan, JournalRange, PlannedInsert, RangeBlock } from '../journal/journal.ts'

/** Names of the columns in the order of the blocks of a schema version. */
export type ColumnsOf = (table: TelemetryTable, schemaVersion: number) => readonly string[]

/**
 * One insert must become one block in the store, since the token covers it only while a retry is cut in the same places:
 * one thread, and block bounds above any segment (DESIGN §5). They travel in the plan, so a retry after an upgrade uses the same.
 */
export const planSettings: PlannedInsert['settings'] = {
  async_insert: 0,
  insert_deduplicate: 1,
  max_threads: 1,
  max_insert_threads: 1,
  max_block_size: 4_000_000,
  max_insert_block_size: 4_000_000,
  min_insert_block_size_rows: 4_000_000,
  min_insert_block_size_bytes: 2_000_000_000,
  max_partitions_per_insert_block: 0,
  optimize_on_insert: 1,
}

/** One insert per table, events last: whatever can be seen of an event's trace or rates is there no later than the event. */
export function planRange(range: JournalRange, columnsOf: ColumnsOf): InsertPlan {
  const inserts = range.tables.map(({ table, schemaVersion, source, rows }) => {
    const columns = columnsOf(table, schemaVersion)
    return { table, columns, source, token: `${range.id}:${table}`, settings: planSettings, rows }
  })
  const isEvents = (insert: PlannedInsert) => Number(insert.table === 'events')
  return { rangeId: range.id, inserts: inserts.sort((a, b) => isEvents(a) - isEvents(b)) }
}

/** The plan with one refused insert replaced by an insert per block, each with a token of its own. */
export function planBlocks(
  plan: InsertPlan,
  refused: PlannedInsert,
  blocks: readonly RangeBlock[],
): InsertPlan {
  const perBlock = blocks.map(({ block, source }) => {
    return { ...refused, source, rows: block.rows, token: `${plan.rangeId}:${block.table}:${block.blockId}` }
  })
  return { ...plan, inserts: plan.inserts.flatMap((insert) => (insert === refused ? perBlock : [insert])) }
}
