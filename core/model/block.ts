/**
 * A block: encoded rows of one table in ClickHouse's Native format, the journal's unit.
 * Blocks are made once, in a decode worker, and moved into the store without being decoded again.
 */
export const telemetryTables = [
  'events',
  'trace_index',
  'red_minute',
  'attribute_catalogue',
  'resources',
  'metric_series',
  'metric_points',
  'ingest_minute',
] as const

export type TelemetryTable = (typeof telemetryTables)[number]

export interface Block {
  readonly table: TelemetryTable
  /** Version of the column list the bytes were written with; see storage/telemetry/schema. */
  readonly schemaVersion: number
  /** 16 lower-case hex digits, unique per block; equals the block_id column where the table has one. */
  readonly blockId: string
  readonly rows: number
  /** One Native block (columns, rows, then per column name, type and data), uncompressed. */
  readonly bytes: Uint8Array
}

/** What one durable append holds: all blocks made from a set of requests. All of it is stored, or none of it. */
export interface BlockGroup {
  readonly blocks: readonly Block[]
  /** Digests of the requests in this group, so that a byte-identical resend is recognised after a restart too. */
  readonly requests: readonly RequestReceipt[]
}

export interface RequestReceipt {
  /** SHA-256 over tenant, path, content type and body as received; 64 hex digits. */
  readonly digest: string
  readonly receivedAtMs: number
  /** The answer that was, or will be, given: so that a resend gets the same one. */
  readonly accepted: number
  readonly rejected: number
  readonly message: string
}
