import type { AnswerMeta, TimeRange } from './answer.ts'

/** POST /events/heatmap */
export interface HeatmapRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  /** Default duration. */
  readonly field?: string
  readonly columns?: number
}

export interface HeatmapAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  /** Lower bounds of the rows, ascending, in the field's unit (ns for durations); log spaced. */
  readonly bounds: readonly number[]
  /** [time index, bound index, weight] for non-empty cells. */
  readonly cells: readonly (readonly [number, number, number])[]
  readonly meta: AnswerMeta
}
