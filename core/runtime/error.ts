import type { ErrorCode } from './error-catalogue.ts'

export interface OrielErrorOptions {
  readonly cause?: unknown
  readonly retryable?: boolean
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error class. `code` is a key of the catalogue, which gives the HTTP and gRPC status and the advice.
 * The message names the thing, the limit and the value, in lower case and without a full stop.
 */
export class OrielError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: OrielErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OrielError'
    this.code = code
    this.retryable = options.retryable ?? false
    this.details = options.details ?? {}
  }
}
