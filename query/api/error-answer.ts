import { errorCatalogue, OrielError } from '@oriel/core'
import type { ErrorAnswer } from '../contract.ts'

/** What a caller sees of an error. A fault of ours tells nothing but the request id; the log has the rest. */
export function errorAnswer(
  error: unknown,
  requestId: string,
): { readonly status: number; readonly body: ErrorAnswer } {
  const known =
    error instanceof OrielError ? error : new OrielError('internal', 'an unexpected fault', { cause: error })
  const { http, advice } = errorCatalogue[known.code]
  const position = positionOf(known.details)
  return {
    status: http,
    body: {
      error: {
        code: known.code,
        message: known.message,
        advice,
        requestId,
        ...(position === undefined ? {} : { position }),
      },
    },
  }
}

export function positionOf(
  details: Readonly<Record<string, unknown>>,
): { start: number; end: number } | undefined {
  const found = details.position ?? details
  if (typeof found !== 'object' || found === null || !('start' in found) || !('end' in found))
    return undefined
  return { start: Number(found.start), end: Number(found.end) }
}
