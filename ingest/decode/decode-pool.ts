import type { BlockGroup } from '@oriel/core'

export type IngestSignal = 'traces' | 'logs' | 'metrics' | 'events'

/** One request as it came off the wire. The body is transferred to the worker, so the caller must not touch it afterwards. */
export interface DecodeRequest {
  readonly tenant: string
  readonly signal: IngestSignal
  readonly encoding: 'protobuf' | 'json'
  readonly compression: 'none' | 'gzip'
  readonly body: Uint8Array
  readonly receivedAtMs: number
  readonly digest: string
}

/** What became of a request's items. `message` is for partial_success: '' when there is nothing to say. */
export interface DecodeOutcome {
  readonly accepted: number
  readonly rejected: number
  readonly message: string
}

/**
 * Decodes in worker threads: one pass from wire bytes to column buffers. A worker keeps adding requests to its open blocks
 * until `ingest.lingerMs` or a size bound, then seals them as one BlockGroup and hands it to `onGroup`.
 * `decode` resolves after `onGroup` has resolved for the group that holds the request (so: when durable), and rejects with an
 * OrielError (malformed, bad_compression, body_too_large after decompression, journal_full, internal) with nothing kept of the request.
 */
export interface DecodePool {
  decode(request: DecodeRequest): Promise<DecodeOutcome>
  start(): Promise<void>
  /** Seals and appends what is open, then ends the workers. */
  stop(): Promise<void>
}

export type OnGroup = (group: BlockGroup) => Promise<void>
