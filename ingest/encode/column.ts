import type { ByteBuffer } from './byte-buffer.ts'

/** A place in a column that it can be taken back to; opaque to everyone but the column that gave it. */
export type ColumnMark = readonly number[]

/**
 * One column of a Native block. `mark` and `rollback` take back what a failed request appended;
 * dictionary entries may stay behind, unreferenced.
 */
export interface Column {
  /** The ClickHouse type, as written into the block's header. */
  readonly type: string
  /** Rows appended so far; undefined for columns that follow the block's row count. */
  readonly rows: number | undefined
  /** The state prefix that precedes all data of the column (LowCardinality versions). */
  writePrefix(out: ByteBuffer): void
  writeData(out: ByteBuffer, rows: number): void
  mark(): ColumnMark
  rollback(mark: ColumnMark): void
  reset(): void
}
