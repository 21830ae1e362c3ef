import type { Decode } from './decode-context.ts'
import type { IngestSignal } from './decode-pool.ts'
import { decodeJson } from './json/decode-json.ts'
import { decodeLogs } from './log-reader.ts'
import { decodeMetrics } from './metrics/decode-metrics.ts'
import { decodeTraces } from './span-reader.ts'
import { decodeWideEvents } from './wide-events/decode-wide-events.ts'

export type DecoderKey = `${IngestSignal}/${'protobuf' | 'json'}`

/** One line per signal and encoding; what is not here is refused as an unsupported media type. */
export const decoders: Partial<Record<DecoderKey, Decode>> = {
  'traces/protobuf': decodeTraces,
  'traces/json': decodeJson('traces', decodeTraces),
  'logs/protobuf': decodeLogs,
  'logs/json': decodeJson('logs', decodeLogs),
  'metrics/protobuf': decodeMetrics,
  'metrics/json': decodeJson('metrics', decodeMetrics),
  'events/json': decodeWideEvents,
}
