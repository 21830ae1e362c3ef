import type { TelemetryTable } from '@oriel/core'

/**
 * Which queue of the engine a statement runs in. Lanes never wait for each other:
 * a slow question delays neither inserts nor our own bookkeeping.
 */
export type Lane = 'query' | 'internal'

export interface QueryLimits {
  /** ClickHouse max_execution_time, enforced by the engine and by cancellation. */
  readonly timeMs: number
  /** ClickHouse max_memory_usage. */
  readonly memoryBytes: number
  /** ClickHouse max_result_rows with result_overflow_mode = throw. */
  readonly resultRows?: number
  /** ClickHouse max_rows_to_read with read_overflow_mode = throw. */
  readonly readRows?: number
}

export interface EngineQuery {
  readonly sql: string
  /** Bound as ClickHouse query parameters: `{name:Type}` in the SQL. User text never reaches the SQL itself. */
  readonly params?: Readonly<Record<string, unknown>>
  readonly lane: Lane
  readonly limits: QueryLimits
  readonly settings?: Readonly<Record<string, string | number>>
  /** Aborting stops the query in the engine (KILL QUERY), not only the wait for it. */
  readonly signal?: AbortSignal
}

export interface EngineResult<Row> {
  /** 64-bit integers arrive as decimal strings, DateTime64 as the engine prints it unless the SQL converts. */
  readonly rows: readonly Row[]
  readonly rowsRead: number
  readonly bytesRead: number
  readonly elapsedMs: number
}

/** Where the Native blocks of one insert are: on disk in order, or in memory. */
export type BlockSource =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'bytes'; readonly chunks: readonly Uint8Array[] }

export interface BlockInsert {
  readonly table: TelemetryTable
  readonly columns: readonly string[]
  readonly source: BlockSource
  /** insert_deduplication_token: the same token with the same source is stored once. */
  readonly token: string
  readonly settings: Readonly<Record<string, string | number>>
}

/**
 * The port to ClickHouse. Two implementations (chDB in the process, ClickHouse over HTTP) share all SQL;
 * only execution differs. Errors are OrielError: store_unavailable (retry), store_refused (never will),
 * query_timeout, query_memory, query_rows, query_cancelled, sql_refused.
 */
export interface Engine {
  query<Row>(query: EngineQuery): Promise<EngineResult<Row>>
  /** DDL and maintenance statements, in the internal lane. */
  execute(sql: string, params?: Readonly<Record<string, unknown>>): Promise<void>
  /** Resolves when the rows are stored and synced. One insert becomes one block: see DESIGN §8. */
  insert(insert: BlockInsert): Promise<void>
}
