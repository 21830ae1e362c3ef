import type { IngestSignal } from '../decode/decode-pool.ts'

export type BodyEncoding = 'protobuf' | 'json'

const encodings: Readonly<Record<string, BodyEncoding>> = {
  'application/x-protobuf': 'protobuf',
  'application/json': 'json',
}
const eventEncodings: Readonly<Record<string, BodyEncoding>> = {
  'application/json': 'json',
  'application/x-ndjson': 'json',
  'application/ndjson': 'json',
}

/** `Application/JSON; charset=utf-8` is `application/json`. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The encoding a signal's body is read with, or undefined when its media type is not one of ours. */
export function bodyEncoding(
  signal: IngestSignal,
  contentType: string | undefined,
): BodyEncoding | undefined {
  const known = signal === 'events' ? eventEncodings : encodings
  const media = mediaType(contentType)
  return Object.hasOwn(known, media) ? known[media] : undefined
}

/** What an error is answered in: the request's encoding, JSON when that is not known. */
export function answerEncoding(contentType: string | undefined): BodyEncoding {
  return mediaType(contentType) === 'application/x-protobuf' ? 'protobuf' : 'json'
}

export const contentTypes: Readonly<Record<BodyEncoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** none for an absent or `identity` Content-Encoding; undefined for one we do not take. */
export function bodyCompression(contentEncoding: string | undefined): 'none' | 'gzip' | undefined {
  const coding = (contentEncoding ?? '').trim().toLowerCase()
  if (coding === '' || coding === 'identity') return 'none'
  return coding === 'gzip' || coding === 'x-gzip' ? 'gzip' : undefined
}
