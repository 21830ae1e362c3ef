import { OrielError } from '../runtime/error.ts'
import { parsePredicate } from './parser.ts'
import type { Position } from './predicate.ts'
import { resolvePredicate } from './resolve.ts'

export interface PredicateProblem {
  readonly message: string
  readonly position: Position
}

/** What is wrong with a text, syntax first, then names and types: none, or the first problem. */
export function describeErrors(text: string): readonly PredicateProblem[] {
  try {
    resolvePredicate(parsePredicate(text))
    return []
  } catch (error) {
    if (!(error instanceof OrielError) || error.code !== 'invalid_predicate') throw error
    const { start, end, reason } = error.details
    return [
      { message: String(reason ?? error.message), position: { start: Number(start), end: Number(end) } },
    ]
  }
}
