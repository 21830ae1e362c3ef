import type { AnswerMeta, TimeRange } from './answer.ts'
import type { AttributeValue } from './event.ts'

export type Aggregate =
  | { readonly op: 'count' | 'rate' | 'error_rate' }
  | { readonly op: 'sum' | 'avg' | 'min' | 'max' | 'distinct'; readonly field: string }
  | { readonly op: 'percentile'; readonly field: string; readonly p: number }

/** POST /events/aggregate */
export interface AggregateRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  readonly aggregates: readonly Aggregate[]
  readonly groupBy?: readonly string[]
  /** Top N groups by the first aggregate; the rest becomes one group with `other: true`. Default 10. */
  readonly top?: number
  /** Present: a time series with this step ('auto' chooses); absent: one value per group. */
  readonly stepMs?: number | 'auto'
}

export interface AggregateGroup {
  /** One value per groupBy field; null where the field is missing or an empty text. */
  readonly key: readonly (AttributeValue | null)[]
  readonly other: boolean
  /** One per aggregate, over the whole range. null when there is nothing to compute it from. */
  readonly totals: readonly (number | null)[]
  /** One array per aggregate, aligned with `times`; null is a gap. */
  readonly series?: readonly (readonly (number | null)[])[]
}

export interface AggregateAnswer {
  /** Start of each step, Unix ms; empty without stepMs. */
  readonly times: readonly number[]
  readonly stepMs?: number
  readonly groups: readonly AggregateGroup[]
  readonly groupsTotal: number
  readonly meta: AnswerMeta
}
