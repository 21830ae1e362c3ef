/**
 * Every error code with its statuses and advice; docs/errors.md is generated from this.
 * gRPC numbers are those of google.rpc.Code.
 */
export interface CatalogueEntry {
  readonly http: number
  readonly grpc: number
  readonly advice: string
}

const entry = (http: number, grpc: number, advice: string): CatalogueEntry => ({ http, grpc, advice })

export const errorCatalogue = {
  // requests
  method_not_allowed: entry(405, 12, 'use the method named in the Allow header'),
  not_found: entry(404, 12, 'check the path or the id; data older than its retention is gone'),
  unsupported_media_type: entry(415, 3, 'send application/x-protobuf or application/json'),
  unsupported_encoding: entry(415, 12, 'send gzip or no compression'),
  bad_compression: entry(400, 3, 'the body is not valid gzip; check the exporter and any proxy'),
  body_too_large: entry(413, 8, 'send smaller batches, or raise the limit named in the message'),
  malformed: entry(400, 3, 'the body does not follow the protocol at the place named'),
  invalid_argument: entry(400, 3, 'correct the argument named'),
  invalid_predicate: entry(400, 3, 'correct the predicate at the position named'),
  cursor_expired: entry(410, 9, 'start the search again from its first page'),
  // access
  unauthenticated: entry(401, 16, 'send an API key as a bearer token'),
  permission_denied: entry(403, 7, 'use a key with the scope named'),
  host_not_allowed: entry(403, 7, 'add the host name to the allowed hosts'),
  origin_not_allowed: entry(403, 7, 'add the origin to the allowed origins'),
  // load
  rate_limited: entry(429, 8, 'wait for the time in Retry-After'),
  overloaded: entry(503, 14, 'wait for the time in Retry-After; see the ingest page for the limit in force'),
  journal_full: entry(503, 14, 'the store is not keeping up or the disk is full; see the ingest page'),
  shutting_down: entry(503, 14, 'the process is stopping; send again'),
  // queries
  query_timeout: entry(504, 4, 'narrow the time range or raise the setting named'),
  query_memory: entry(422, 8, 'group by fewer values or raise the setting named'),
  query_rows: entry(422, 8, 'narrow the time range or raise the setting named'),
  query_cancelled: entry(499, 1, 'the client closed the request'),
  sql_refused: entry(400, 3, 'only a single SELECT over the telemetry tables is allowed'),
  // start and inside
  config_invalid: entry(500, 9, 'correct the setting named'),
  data_directory_locked: entry(500, 9, 'stop the other process or choose another data directory'),
  store_unavailable: entry(503, 14, 'the telemetry store does not answer; it is retried'),
  store_refused: entry(500, 13, 'the block was refused by the store; see the dead letters'),
  corrupt: entry(500, 15, 'a check sum does not match; the data was set aside'),
  internal: entry(500, 13, 'a fault of ours; please report it with the request id'),
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof errorCatalogue
