import type { AnswerMeta, TimeRange } from './answer.ts'
import type { EventRow } from './event.ts'

/** POST /events/search */
export interface SearchRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  readonly limit?: number
  /** From the answer before; the snapshot of the first page is kept in it. */
  readonly cursor?: string
  readonly order?: 'newest' | 'oldest'
  /** Attribute keys to return; without it, all. */
  readonly attributes?: readonly string[]
}

export interface SearchAnswer {
  readonly events: readonly EventRow[]
  readonly nextCursor?: string
  readonly meta: AnswerMeta
}
