import type { Decode } from '../decode-context.ts'
import type { OtlpSignal } from './otlp-messages.ts'
import { otlpJsonToProtobuf } from './transcode.ts'

/** The decoder of a signal's JSON, made of the one for its protobuf. */
export function decodeJson(signal: OtlpSignal, decode: Decode): Decode {
  return (input, context) => decode(otlpJsonToProtobuf(signal, input), context)
}
