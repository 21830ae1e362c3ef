import { OrielError } from '@oriel/core'
import { parseAttributes } from '../compile/attributes.ts'
import { compileExemplars, compilePoints, compileSeriesList, type PointColumns } from '../compile/metrics.ts'
import { coveredSeconds, resolveSteps, type Steps } from '../compile/step.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { AttributeValue, MetricQueryAnswer, MetricQueryRequest } from '../contract.ts'
import type { SeriesRow } from './list-metrics.ts'
import type { MetricPoint } from './metric-fold.ts'
import { type MetricShape, metricReduction } from './metric-reduction.ts'
import type { Inquiry } from './reader.ts'

const seriesMax = 2000
/** How far before the range the predecessor of the first point is looked for. */
const lookBackMs = 300_000

/** Points of the chosen series are read in order and folded here, so that resets are found point by point. */
export async function queryMetric(inquiry: Inquiry, request: MetricQueryRequest): Promise<MetricQueryAnswer> {
  const range = inquiry.range(request)
  const steps = resolveSteps(range, request.stepMs ?? 'auto', { stepsMax: inquiry.settings.stepsMax })
  const series = await inquiry.read<SeriesRow>(
    compileSeriesList({
      range: { ...range, fromMs: range.fromMs - lookBackMs },
      metric: request.metric,
      where: request.where,
      limit: seriesMax + 1,
    }),
  )
  const first = series[0]
  if (first === undefined) {
    return {
      times: steps.times,
      stepMs: steps.stepMs,
      unit: '',
      groups: [],
      exemplars: [],
      meta: inquiry.meta(),
    }
  }
  if (series.length > seriesMax) {
    throw new OrielError(
      'query_rows',
      `metric ${request.metric} has more than ${seriesMax} series here; narrow it with where`,
    )
  }
  const shape = shapeOf(series, request.metric)
  const reduction = metricReduction(request, shape)
  const read = {
    range: { fromMs: range.fromMs - lookBackMs, toMs: range.toMs },
    metric: request.metric,
    seriesIds: series.map((row) => row.series),
  }
  const points = await inquiry.read<MetricPoint>(compilePoints(read, columnsFor(request.op, shape)))
  const groups = grouped(series, request.groupBy ?? [])
  const valued = [...groups.values()].map((group) => {
    const own = points.filter((point) => group.series.has(point.p_series))
    const values = reduction(own, { steps, range, secondsAt: secondsOf(steps, range, inquiry.nowMs) })
    return { key: group.key, values }
  })
  const exemplars = await inquiry.read<{
    x_ns: string
    x_value: number
    x_trace_id: string
    x_span_id: string
  }>(compileExemplars({ ...read, range }))
  return {
    times: steps.times,
    stepMs: steps.stepMs,
    unit: first.series_unit,
    groups: topGroups(inquiry, valued, request.top ?? 20),
    exemplars: exemplars.map((row) => ({
      timeNs: row.x_ns,
      value: row.x_value,
      traceId: row.x_trace_id,
      spanId: row.x_span_id,
    })),
    meta: inquiry.meta(),
  }
}

function shapeOf(series: readonly SeriesRow[], metric: string): MetricShape {
  const [first] = series
  if (first === undefined) throw new OrielError('internal', `metric ${metric} has no series`)
  const mixed = series.find(
    (row) => row.series_type !== first.series_type || row.series_temporality !== first.series_temporality,
  )
  if (mixed !== undefined) {
    throw new OrielError(
      'invalid_argument',
      `metric ${metric} is both ${first.series_type}/${first.series_temporality} and ${mixed.series_type}/${mixed.series_temporality}; choose one with where, such as by service`,
    )
  }
  return {
    metric,
    type: first.series_type,
    cumulative: first.series_temporality === 'cumulative',
    monotonic: Boolean(first.series_monotonic),
  }
}

function columnsFor(op: MetricQueryRequest['op'], shape: MetricShape): PointColumns {
  if (shape.type === 'gauge' || shape.type === 'sum') return 'value'
  if (op !== 'percentile') return 'count'
  return shape.type === 'exponential_histogram' ? 'exponential' : 'explicit'
}

interface SeriesGroup {
  readonly key: readonly (AttributeValue | null)[]
  readonly series: Set<string>
}

function grouped(series: readonly SeriesRow[], groupBy: readonly string[]): Map<string, SeriesGroup> {
  const groups = new Map<string, SeriesGroup>()
  for (const row of series) {
    const attributes = parseAttributes(row.e_str, row.e_num, row.e_bool)
    const key = groupBy.map((field) =>
      field === 'service' || field === 'service.name'
        ? row.series_service
        : (attributes[field.replace(/^attr\./, '')] ?? null),
    )
    const name = JSON.stringify(key)
    const group = groups.get(name) ?? { key, series: new Set<string>() }
    group.series.add(row.series)
    groups.set(name, group)
  }
  return groups
}

function secondsOf(steps: Steps, range: ResolvedRange, nowMs: number) {
  const passed = { fromMs: range.fromMs, toMs: Math.min(range.toMs, nowMs) }
  return (index: number) => coveredSeconds(steps.times[index] ?? 0, steps.stepMs, passed)
}

interface ValuedGroup {
  readonly key: readonly (AttributeValue | null)[]
  readonly values: readonly (number | null)[]
}

/** Largest last values first; what is left out is said. There is no "other": series of a metric do not always add up. */
function topGroups(inquiry: Inquiry, groups: readonly ValuedGroup[], top: number): readonly ValuedGroup[] {
  const size = (group: ValuedGroup) =>
    group.values.reduce<number>((sum, value) => sum + Math.abs(value ?? 0), 0)
  const sorted = [...groups].sort((a, b) => size(b) - size(a))
  if (sorted.length > top) {
    inquiry.cut({
      what: `${sorted.length - top} of ${sorted.length} groups`,
      limit: `top ${top}`,
      advice: 'raise top or narrow with where',
    })
  }
  return sorted.slice(0, top)
}
