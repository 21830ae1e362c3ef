import { OrielError } from '../runtime/error.ts'
import type { Position } from './predicate.ts'

/** An `invalid_predicate` error whose details are the position `{ start, end }` in the text. */
export function predicateError(message: string, position: Position): OrielError {
  return new OrielError('invalid_predicate', `${message} (at ${position.start + 1})`, {
    details: { start: position.start, end: position.end, reason: message },
  })
}
