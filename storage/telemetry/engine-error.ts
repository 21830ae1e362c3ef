import { type ErrorCode, OrielError } from '@oriel/core'
import type { QueryLimits } from './engine.ts'

/** Error numbers of ClickHouse, from src/Common/ErrorCodes.cpp. */
const timeoutCodes = new Set([159, 160])
const memoryCodes = new Set([241])
const rowCodes = new Set([158, 307, 396])
const cancelledCodes = new Set([394])
/** The engine or its machine, not the statement: worth another try. */
const unavailableCodes = new Set([
  32, 74, 75, 76, 198, 202, 203, 209, 210, 216, 225, 236, 242, 243, 244, 252, 279, 285, 286, 319, 425, 439,
  593, 668, 719, 999, 1000, 1001,
])
/** The rows or their shape, which no retry changes. */
const refusedCodes = new Set([
  6, 8, 9, 10, 16, 20, 27, 33, 36, 41, 43, 44, 47, 48, 49, 50, 53, 60, 62, 69, 70, 72, 73, 81, 85, 86, 107,
  115, 117, 128, 130, 131, 136, 190, 261, 321, 349, 386, 407, 432, 435, 467, 469, 473, 477, 636, 691,
])

export interface EngineFailure {
  /** ClickHouse's error number; undefined when the engine did not answer. */
  readonly number: number | undefined
  readonly message: string
  readonly cause: unknown
}

/** What a failed question means to its asker; the limit that was hit is named with its value. */
export function queryError(failure: EngineFailure, limits: QueryLimits): OrielError {
  const { number, cause } = failure
  if (number !== undefined && timeoutCodes.has(number)) return timeoutError(limits, cause)
  if (number !== undefined && memoryCodes.has(number)) {
    return limitError('query_memory', `query needs more than ${limits.memoryBytes} bytes of memory`, {
      setting: 'memoryBytes',
      limit: limits.memoryBytes,
      cause,
    })
  }
  if (number !== undefined && rowCodes.has(number)) return rowsError(number, limits, cause)
  if (number !== undefined && cancelledCodes.has(number)) return cancelledError(cause)
  if (number === undefined || unavailableCodes.has(number)) return unavailable(failure)
  return new OrielError('sql_refused', `query refused by the engine: ${shorten(failure.message)}`, {
    cause,
    details: { clickhouseCode: number },
  })
}

/** store_refused only for what is surely the block's own fault: everything else is tried again. */
export function insertError(failure: EngineFailure, table: string): OrielError {
  if (failure.number === undefined || !refusedCodes.has(failure.number)) return unavailable(failure)
  return new OrielError('store_refused', `insert into ${table} refused: ${shorten(failure.message)}`, {
    cause: failure.cause,
    details: { clickhouseCode: failure.number, table },
  })
}

export function timeoutError(limits: QueryLimits, cause?: unknown): OrielError {
  return limitError('query_timeout', `query ran longer than the maximum ${limits.timeMs} ms`, {
    setting: 'timeMs',
    limit: limits.timeMs,
    cause,
  })
}

export function cancelledError(cause?: unknown): OrielError {
  return new OrielError('query_cancelled', 'query was cancelled', { cause })
}

function rowsError(number: number, limits: QueryLimits, cause: unknown): OrielError {
  if (number === 396) {
    const limit = limits.resultRows ?? 0
    const message = `answer has more rows than the maximum ${limit} (resultRows)`
    return limitError('query_rows', message, { setting: 'resultRows', limit, cause })
  }
  const limit = limits.readRows ?? 0
  const message = `query reads more rows than the maximum ${limit} (readRows)`
  return limitError('query_rows', message, { setting: 'readRows', limit, cause })
}

interface LimitHit {
  readonly setting: string
  readonly limit: number
  readonly cause: unknown
}

function limitError(code: ErrorCode, message: string, { setting, limit, cause }: LimitHit): OrielError {
  const named = message.includes(`(${setting})`) ? message : `${message} (${setting})`
  return new OrielError(code, named, { cause, details: { setting, limit } })
}

function unavailable({ number, message, cause }: EngineFailure): OrielError {
  return new OrielError('store_unavailable', `the telemetry store failed: ${shorten(message)}`, {
    cause,
    retryable: true,
    details: number === undefined ? {} : { clickhouseCode: number },
  })
}

function shorten(message: string): string {
  const line = message.replace(/^Code: \d+\. DB::Exception: /, '').replaceAll('\n', ' ')
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`
}
