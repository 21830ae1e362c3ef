import type { MetricInfo, MetricQueryRequest } from '@oriel/query/contract'

type Op = MetricQueryRequest['op']

/** One way to read a metric; several parts are drawn as several lines. */
export interface Operation {
  readonly id: string
  readonly label: string
  readonly parts: readonly { readonly op: Op; readonly p?: number; readonly label: string }[]
}

const single = (op: Op, label: string = op): Operation => ({ id: op, label, parts: [{ op, label }] })
const percentile = (p: number): Operation['parts'][number] => ({ op: 'percentile', p, label: `p${p * 100}` })
const onePercentile = (p: number): Operation => ({
  id: `p${p * 100}`,
  label: `p${p * 100}`,
  parts: [percentile(p)],
})

const rate = single('rate', 'rate per second')
const ofCounts = [rate, single('avg', 'average'), single('increase', 'count')]
const ofLevels = [
  single('avg', 'average'),
  single('min'),
  single('max'),
  single('last'),
  single('sum', 'sum of series'),
]
const ofHistograms: readonly Operation[] = [
  { id: 'percentiles', label: 'p50 p95 p99', parts: [percentile(0.5), percentile(0.95), percentile(0.99)] },
  onePercentile(0.5),
  onePercentile(0.95),
  onePercentile(0.99),
  ...ofCounts,
]

/** What the server serves for a metric, the most telling first. */
export function operationsOf(metric: Pick<MetricInfo, 'type' | 'monotonic'>): readonly Operation[] {
  switch (metric.type) {
    case 'gauge':
      return ofLevels
    case 'sum':
      // A sum that may fall is a level, such as connections in use.
      return metric.monotonic
        ? [rate, single('increase')]
        : [single('sum', 'sum of series'), ...ofLevels.slice(0, 4)]
    case 'histogram':
    case 'exponential_histogram':
      return ofHistograms
    case 'summary':
      return ofCounts
  }
}

/** The operation of the address, or the first; groups of three lines each say nothing, so they show p95. */
export function chosenOperation(
  metric: Pick<MetricInfo, 'type' | 'monotonic'>,
  id: string,
  grouped: boolean,
): Operation {
  const all = operationsOf(metric)
  const chosen = all.find((each) => each.id === id) ?? all[0] ?? rate
  return grouped && chosen.parts.length > 1 ? onePercentile(0.95) : chosen
}

/** SDKs export every 60 s unless told otherwise: a shorter step would mostly show gaps. */
export function metricStepMs(rangeMs: number): number {
  const minuteMs = 60_000
  if (rangeMs <= 10 * minuteMs) return 15_000
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440]
  return minuteMs * (steps.find((minutes) => rangeMs / (minutes * minuteMs) <= 180) ?? 1440)
}
