import type { QueryLimits } from './engine.ts'

export type StatementSettings = Readonly<Record<string, string | number>>

/** The settings that make the engine hold the limits: every overflow is an error, never a silent cut. */
export function limitSettings(limits: QueryLimits): StatementSettings {
  return {
    max_execution_time: limits.timeMs / 1000,
    timeout_overflow_mode: 'throw',
    max_memory_usage: limits.memoryBytes,
    max_result_rows: limits.resultRows ?? 0,
    result_overflow_mode: 'throw',
    max_rows_to_read: limits.readRows ?? 0,
    read_overflow_mode: 'throw',
  }
}

/** How answers are printed; the same for both engines. */
export const answerSettings: StatementSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_named_tuples_as_objects: 1,
  date_time_output_format: 'simple',
  session_timezone: 'UTC',
}

/** One insert is one block, so that its token covers it whole (DESIGN §5, §8). A plan's own settings come on top. */
export const insertSettings: StatementSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  max_threads: 1,
  max_insert_threads: 1,
  min_insert_block_size_rows: 4_000_000,
  min_insert_block_size_bytes: 2_000_000_000,
  max_insert_block_size: 4_000_000,
  max_partitions_per_insert_block: 0,
  session_timezone: 'UTC',
}
