import type { TableSet } from '../encode/tables/table-set.ts'
import type { Redactor } from '../redact/redact.ts'
import type { DecodeOutcome } from './decode-pool.ts'

/** Bounds of one request's content; what happens beyond each is said beside it. */
export interface DecodeLimits {
  /** Longer text values are cut at a UTF-8 boundary, marked, counted and warned about. */
  readonly valueBytesMax: number
  /** Further attributes of a record are dropped and added to dropped_attributes; a data point with more is rejected. */
  readonly attributesMax: number
  /** Further span events and links are dropped and added to dropped_events and dropped_links; exemplars are warned about. */
  readonly spanEventsMax: number
  /** Deeper AnyValues make the request malformed. */
  readonly valueDepthMax: number
  /** Events older than this are rejected: their partition would be dropped at once. */
  readonly retentionMs: number
  readonly metricsRetentionMs: number
  /** Events further in the future than this are rejected. */
  readonly futureMs: number
}

const dayMs = 86_400_000

export const defaultDecodeLimits: DecodeLimits = {
  valueBytesMax: 32 * 1024,
  attributesMax: 512,
  spanEventsMax: 1024,
  valueDepthMax: 32,
  retentionMs: 7 * dayMs,
  metricsRetentionMs: 30 * dayMs,
  futureMs: 3_600_000,
}

export interface DecodeContext {
  readonly tenant: string
  readonly receivedAtMs: number
  readonly limits: DecodeLimits
  /** The worker's open blocks; a decoder that throws has its rows rolled back by the caller. */
  readonly tables: TableSet
  readonly redactor: Redactor | undefined
}

/** Reads a whole request body into the open blocks. Throws OrielError `malformed` naming the byte offset or path. */
export type Decode = (input: Uint8Array, context: DecodeContext) => DecodeOutcome
