import type { DecodeOutcome, IngestSignal } from '../decode/decode-pool.ts'
import { bytesField, varintField } from './protobuf-fields.ts'
import type { BodyEncoding } from './request-encoding.ts'
import { shortened, warningCharactersMax } from './shortened.ts'

const rejectedNames = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
} as const

const emptyProtobuf = Buffer.alloc(0)
const emptyJson = Buffer.from('{}')

/**
 * The body of a success. partial_success is set only when something was rejected or there is a warning to give;
 * wide events are answered with their counts.
 */
export function exportResponse(signal: IngestSignal, encoding: BodyEncoding, outcome: DecodeOutcome): Buffer {
  const { accepted, rejected } = outcome
  const message = shortened(outcome.message, warningCharactersMax)
  if (signal === 'events') return Buffer.from(JSON.stringify({ accepted, rejected, message }))
  if (rejected === 0 && message === '') return encoding === 'json' ? emptyJson : emptyProtobuf
  if (encoding === 'protobuf') {
    const partial = message === '' ? [] : [bytesField(2, message)]
    return bytesField(1, Buffer.concat([varintField(1, rejected), ...partial]))
  }
  // 64-bit integers are strings in protobuf's JSON
  const partialSuccess = { [rejectedNames[signal]]: String(rejected), errorMessage: message }
  return Buffer.from(JSON.stringify({ partialSuccess }))
}
