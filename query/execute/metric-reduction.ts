import { OrielError } from '@oriel/core'
import type { Steps } from '../compile/step.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { MetricInfo, MetricQueryRequest } from '../contract.ts'
import {
  type ExponentialCounts,
  explicitBuckets,
  exponentialBuckets,
  type HistogramBucket,
  histogramPercentile,
  subtractExponential,
} from './histogram.ts'
import { type FoldRules, type Increase, increases, type MetricPoint } from './metric-fold.ts'

export interface MetricShape {
  readonly metric: string
  readonly type: MetricInfo['type']
  readonly cumulative: boolean
  readonly monotonic: boolean
}

export interface ReductionContext {
  readonly steps: Steps
  readonly range: ResolvedRange
  readonly secondsAt: (index: number) => number
}

/** Points of one group, in series and time order, to one value per step. */
export type Reduction = (points: readonly MetricPoint[], context: ReductionContext) => (number | null)[]

/** Says what the metric can serve and refuses the rest: a gauge has no rate, a summary no mergeable percentile. */
export function metricReduction(request: MetricQueryRequest, shape: MetricShape): Reduction {
  const { op } = request
  const counter = shape.type === 'sum'
  const histogram = shape.type === 'histogram' || shape.type === 'exponential_histogram'
  if (op === 'percentile') {
    if (!histogram) throw refused(request, shape, 'percentiles need a histogram')
    const p = request.p ?? 0.95
    if (!(p > 0 && p <= 1)) throw new OrielError('invalid_argument', `percentile p ${p} is not within 0..1`)
    return shape.type === 'histogram' ? explicitPercentile(p, shape) : exponentialPercentile(p, shape)
  }
  if (op === 'rate' || op === 'increase') {
    if (!counter && !histogram && shape.type !== 'summary')
      throw refused(request, shape, 'use avg, last, min, max or sum')
    return increaseOf(counter ? counterRules(shape) : countRules(shape), op)
  }
  if (histogram || shape.type === 'summary') {
    if (op === 'avg') return histogramAverage(shape)
    if (op === 'sum') return increaseOf(sumRules(shape), 'increase')
    throw refused(request, shape, 'use rate, increase, sum, avg or percentile')
  }
  if (op === 'sum' && counter && (!shape.cumulative || shape.monotonic))
    return increaseOf(counterRules(shape), 'increase')
  if (op === 'sum' || op === 'last') return acrossSeries(op)
  return overPoints(op)
}

function refused(request: MetricQueryRequest, shape: MetricShape, advice: string): OrielError {
  return new OrielError(
    'invalid_argument',
    `${request.op} of ${shape.type} metric ${shape.metric} has no meaning; ${advice}`,
  )
}

const subtractFallible = (now: number, before: number) => (now < before ? undefined : now - before)

function counterRules(shape: MetricShape): FoldRules<number> {
  return {
    cumulative: shape.cumulative,
    read: (point) => point.p_value ?? 0,
    // a sum that may go down does not reset by falling
    difference: shape.monotonic ? subtractFallible : (now, before) => now - before,
  }
}

const countRules = (shape: MetricShape): FoldRules<number> => ({
  cumulative: shape.cumulative || shape.type === 'summary',
  read: (point) => point.p_count ?? 0,
  difference: subtractFallible,
})

const sumRules = (shape: MetricShape): FoldRules<number> => ({
  cumulative: shape.cumulative || shape.type === 'summary',
  read: (point) => point.p_sum ?? 0,
  difference: (now, before) => now - before,
})

function increaseOf(rules: FoldRules<number>, op: 'rate' | 'increase'): Reduction {
  return (points, context) => {
    const steps = byStep(increases(points, rules, context.range.fromMs), context)
    return steps.map((found, index) => {
      if (found.length === 0) return null
      const total = found.reduce((sum, increase) => sum + increase.amount, 0)
      const seconds = context.secondsAt(index)
      if (op === 'increase') return total
      return seconds > 0 ? total / seconds : null
    })
  }
}

function histogramAverage(shape: MetricShape): Reduction {
  return (points, context) => {
    const { fromMs } = context.range
    const counts = byStep(increases(points, countRules(shape), fromMs), context)
    const sums = byStep(increases(points, sumRules(shape), fromMs), context)
    return counts.map((found, index) => {
      const count = found.reduce((total, increase) => total + increase.amount, 0)
      const sum = (sums[index] ?? []).reduce((total, increase) => total + increase.amount, 0)
      return count > 0 ? sum / count : null
    })
  }
}

interface ExplicitCounts {
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
}

function explicitPercentile(p: number, shape: MetricShape): Reduction {
  const rules: FoldRules<ExplicitCounts> = {
    cumulative: shape.cumulative,
    read: (point) => ({ bounds: point.p_bounds ?? [], counts: point.p_counts ?? [] }),
    difference: (now, before) => {
      const sameBounds =
        now.bounds.length === before.bounds.length &&
        now.bounds.every((bound, index) => bound === before.bounds[index])
      if (!sameBounds) return undefined
      const counts = now.counts.map((count, index) => count - (before.counts[index] ?? 0))
      return counts.some((count) => count < 0) ? undefined : { bounds: now.bounds, counts }
    },
  }
  return percentileOf(p, rules, (amount) => explicitBuckets(amount.bounds, amount.counts))
}

function exponentialPercentile(p: number, shape: MetricShape): Reduction {
  const counts = (values: readonly number[] | undefined, offset: number | undefined) =>
    new Map((values ?? []).map((count, index) => [index + (offset ?? 0), count]))
  const rules: FoldRules<ExponentialCounts> = {
    cumulative: shape.cumulative,
    read: (point) => ({
      scale: point.p_scale ?? 0,
      zero: point.p_zero ?? 0,
      positive: counts(point.p_positive, point.p_positive_offset),
      negative: counts(point.p_negative, point.p_negative_offset),
    }),
    difference: subtractExponential,
  }
  return percentileOf(p, rules, exponentialBuckets)
}

function percentileOf<T>(
  p: number,
  rules: FoldRules<T>,
  toBuckets: (amount: T) => readonly HistogramBucket[],
): Reduction {
  return (points, context) => {
    const steps = byStep(increases(points, rules, context.range.fromMs), context)
    return steps.map((found) => {
      const joined = new Map<string, HistogramBucket>()
      for (const bucket of found.flatMap((increase) => toBuckets(increase.amount))) {
        const name = `${bucket.low}:${bucket.high}`
        joined.set(name, { ...bucket, count: (joined.get(name)?.count ?? 0) + bucket.count })
      }
      return histogramPercentile([...joined.values()], p)
    })
  }
}

/** Each series by its last value of the step: `sum` adds these up across series, `last` takes the newest of all. */
function acrossSeries(op: 'sum' | 'last'): Reduction {
  return (points, context) =>
    byStep(valuesOf(points, context.range), context).map((found) => {
      if (found.length === 0) return null
      const lasts = new Map(found.map((value) => [value.series, value]))
      const values = [...lasts.values()]
      if (op === 'sum') return values.reduce((sum, value) => sum + value.amount, 0)
      return values.reduce((newest, value) => (value.timeMs >= newest.timeMs ? value : newest)).amount
    })
}

function overPoints(op: 'avg' | 'min' | 'max'): Reduction {
  return (points, context) =>
    byStep(valuesOf(points, context.range), context).map((found) => {
      if (found.length === 0) return null
      const values = found.map((value) => value.amount)
      if (op === 'avg') return values.reduce((sum, value) => sum + value, 0) / values.length
      return values.reduce((most, value) => (op === 'min' ? Math.min(most, value) : Math.max(most, value)))
    })
}

/** NaN and the infinities come as null from the engine: a measurement that says nothing. */
function valuesOf(points: readonly MetricPoint[], range: ResolvedRange): Increase<number>[] {
  return points.flatMap((point) =>
    typeof point.p_value === 'number' && Number(point.p_time) >= range.fromMs
      ? [{ series: point.p_series, timeMs: Number(point.p_time), amount: point.p_value }]
      : [],
  )
}

function byStep<T>(found: readonly Increase<T>[], { steps }: ReductionContext): Increase<T>[][] {
  const buckets: Increase<T>[][] = steps.times.map(() => [])
  for (const increase of found) {
    const index = Math.floor((increase.timeMs - (steps.times[0] ?? 0)) / steps.stepMs)
    buckets[index]?.push(increase)
  }
  return buckets
}
