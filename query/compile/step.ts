import { OrielError } from '@oriel/core'
import type { ResolvedRange } from './time-range.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const niceStepsMs = [
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
]
const autoSteps = 120

/** Steps are aligned to the epoch, so that the same step has the same edges in every answer. */
export interface Steps {
  readonly stepMs: number
  /** Start of each step; the first may begin before the range. */
  readonly times: readonly number[]
}

export interface StepRules {
  readonly stepsMax: number
  /** Steps are whole multiples of this; rollups by minute need 60,000. */
  readonly unitMs?: number
}

export function resolveSteps(range: ResolvedRange, step: number | 'auto', rules: StepRules): Steps {
  const unitMs = rules.unitMs ?? 1
  const lengthMs = range.toMs - range.fromMs
  const automatic = niceStepsMs.find((nice) => nice >= unitMs && lengthMs / nice <= autoSteps) ?? 24 * hour
  const stepMs = step === 'auto' ? automatic : Math.ceil(step / unitMs) * unitMs
  if (!Number.isSafeInteger(stepMs) || stepMs <= 0) {
    throw new OrielError('invalid_argument', `stepMs ${step} is not a positive whole number`)
  }
  const first = Math.floor(range.fromMs / stepMs) * stepMs
  const count = Math.ceil((range.toMs - first) / stepMs)
  if (count > rules.stepsMax) {
    throw new OrielError(
      'invalid_argument',
      `${count} steps exceed the maximum ${rules.stepsMax} (query.stepsMax)`,
    )
  }
  return { stepMs, times: Array.from({ length: count }, (_, index) => first + index * stepMs) }
}

/** The part of a step that lies inside the range and before now, in seconds: what a rate divides by. */
export function coveredSeconds(startMs: number, stepMs: number, range: ResolvedRange): number {
  return Math.max(0, Math.min(startMs + stepMs, range.toMs) - Math.max(startMs, range.fromMs)) / second
}
