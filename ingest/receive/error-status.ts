import { errorCatalogue, OrielError } from '@oriel/core'
import { bytesField, varintField } from './protobuf-fields.ts'
import type { BodyEncoding } from './request-encoding.ts'
import { refusalCharactersMax, shortened } from './shortened.ts'

const badRequestType = 'type.googleapis.com/google.rpc.BadRequest'
const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo'

/** A refusal in the words of both transports; see google/rpc/status.proto and error_details.proto. */
export interface ErrorStatus {
  readonly http: number
  readonly grpc: number
  readonly message: string
  /** Set when the sender should come again: Retry-After and RetryInfo. */
  readonly retryDelayMs: number | undefined
  /** Set for 400: what is wrong, and where. */
  readonly violation: { readonly field: string; readonly description: string } | undefined
}

/** Statuses that a client may send again after (OTLP), which is why only they carry a delay. */
const retryable = new Set([429, 502, 503, 504])

/** Faults that are not ours to explain keep their text out of the answer: it may name paths or data. */
export function toErrorStatus(error: unknown, retryAfterMs: number): ErrorStatus {
  const known = error instanceof OrielError ? error : new OrielError('internal', 'internal error')
  const { http, grpc } = errorCatalogue[known.code]
  const message = shortened(
    known.code === 'internal' ? 'internal error' : known.message,
    refusalCharactersMax,
  )
  const ownDelay = known.details.retryAfterMs
  const field = known.details.field
  return {
    http,
    grpc,
    message,
    retryDelayMs: retryable.has(http) ? (typeof ownDelay === 'number' ? ownDelay : retryAfterMs) : undefined,
    violation:
      http === 400 ? { field: typeof field === 'string' ? field : 'body', description: message } : undefined,
  }
}

/** Whole seconds, rounded up: a client told 0 comes back at once. */
export function retryAfterSeconds(retryDelayMs: number): number {
  return Math.max(1, Math.ceil(retryDelayMs / 1000))
}

/** A google.rpc.Status message. */
export function statusBytes(status: ErrorStatus, encoding: BodyEncoding): Buffer {
  return encoding === 'json' ? statusJson(status) : statusProtobuf(status)
}

function statusJson({ grpc, message, retryDelayMs, violation }: ErrorStatus): Buffer {
  const details: unknown[] = []
  if (violation !== undefined) details.push({ '@type': badRequestType, fieldViolations: [violation] })
  if (retryDelayMs !== undefined)
    details.push({ '@type': retryInfoType, retryDelay: `${retryDelayMs / 1000}s` })
  return Buffer.from(
    JSON.stringify(details.length === 0 ? { code: grpc, message } : { code: grpc, message, details }),
  )
}

function statusProtobuf({ grpc, message, retryDelayMs, violation }: ErrorStatus): Buffer {
  const fields = [varintField(1, grpc), bytesField(2, message)]
  if (violation !== undefined) {
    const fieldViolation = Buffer.concat([
      bytesField(1, violation.field),
      bytesField(2, violation.description),
    ])
    fields.push(any(badRequestType, bytesField(1, fieldViolation)))
  }
  if (retryDelayMs !== undefined) {
    const seconds = Math.floor(retryDelayMs / 1000)
    const nanos = Math.round((retryDelayMs - seconds * 1000) * 1e6)
    fields.push(
      any(retryInfoType, bytesField(1, Buffer.concat([varintField(1, seconds), varintField(2, nanos)]))),
    )
  }
  return Buffer.concat(fields)
}

function any(typeUrl: string, value: Uint8Array): Buffer {
  return bytesField(3, Buffer.concat([bytesField(1, typeUrl), bytesField(2, value)]))
}
