/** One stored point of a metric, in series and time order. Which columns it has depends on what was asked. */
export interface MetricPoint {
  readonly p_series: string
  readonly p_time: string | number
  readonly p_start: string | number
  readonly p_value?: number | null
  readonly p_count?: number
  readonly p_sum?: number
  readonly p_bounds?: readonly number[]
  readonly p_counts?: readonly number[]
  readonly p_scale?: number
  readonly p_zero?: number
  readonly p_positive_offset?: number
  readonly p_positive?: readonly number[]
  readonly p_negative_offset?: number
  readonly p_negative?: readonly number[]
}

export interface Increase<T> {
  readonly series: string
  readonly timeMs: number
  readonly amount: T
}

export interface FoldRules<T> {
  readonly cumulative: boolean
  readonly read: (point: MetricPoint) => T
  /** What came since the point before; undefined says the value fell: a reset. */
  readonly difference: (now: T, before: T) => T | undefined
}

/**
 * What each point added. Delta points are their own increase. Of cumulative points the one before is subtracted; a later
 * start time or a fallen value is a reset, after which the whole value counts. The first point of a series counts only
 * if the series began after `fromMs`: what came before is not in the range.
 */
export function increases<T>(
  points: readonly MetricPoint[],
  rules: FoldRules<T>,
  fromMs: number,
): Increase<T>[] {
  const found: Increase<T>[] = []
  let before: MetricPoint | undefined
  for (const point of points) {
    const timeMs = Number(point.p_time)
    const amount = rules.cumulative ? sinceBefore(point, before, rules, fromMs) : rules.read(point)
    if (amount !== undefined && timeMs >= fromMs) found.push({ series: point.p_series, timeMs, amount })
    before = point
  }
  return found
}

function sinceBefore<T>(
  point: MetricPoint,
  before: MetricPoint | undefined,
  rules: FoldRules<T>,
  fromMs: number,
): T | undefined {
  const startMs = Number(point.p_start)
  if (before === undefined || before.p_series !== point.p_series) {
    return startMs >= fromMs ? rules.read(point) : undefined
  }
  const restarted = startMs > 0 && startMs > Number(before.p_start) && startMs >= Number(before.p_time)
  return restarted
    ? rules.read(point)
    : (rules.difference(rules.read(point), rules.read(before)) ?? rules.read(point))
}
