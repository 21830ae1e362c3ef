import { seriesWhereSql } from './predicate.ts'
import { Bindings, type Statement } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

const days = (range: ResolvedRange, bindings: Bindings) => {
  const day = (ms: number) => bindings.bind('Date', new Date(ms).toISOString().slice(0, 10))
  return `tenant = {tenant:String} AND day >= ${day(range.fromMs)} AND day <= ${day(range.toMs)}`
}

export function compileMetrics(range: ResolvedRange, prefix: string, limit: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT metric, toString(argMax(type, last_seen)) AS metric_type, argMax(unit, last_seen) AS metric_unit,
  argMax(description, last_seen) AS metric_description, toString(argMax(temporality, last_seen)) AS metric_temporality,
  argMax(monotonic, last_seen) AS metric_monotonic, uniqExact(series_id) AS series
FROM metric_series
WHERE ${days(range, bindings)} AND startsWith(lower(metric), lower(${bindings.bind('String', prefix)}))
GROUP BY metric
ORDER BY metric
LIMIT ${bindings.bind('UInt32', limit)}`)
}

export interface SeriesQuery {
  readonly range: ResolvedRange
  readonly metric: string
  readonly where?: string | undefined
  readonly limit: number
}

/** One row per series, with what it is and its attributes. */
export function compileSeriesList(query: SeriesQuery): Statement {
  const bindings = new Bindings()
  const where =
    query.where === undefined || query.where.trim() === ''
      ? ''
      : ` AND (${seriesWhereSql(query.where, bindings)})`
  return bindings.statement(`SELECT toString(series_id) AS series, toString(argMax(type, last_seen)) AS series_type, any(unit) AS series_unit,
  toString(argMax(temporality, last_seen)) AS series_temporality, argMax(monotonic, last_seen) AS series_monotonic, any(service) AS series_service,
  any(attr_str) AS e_str, any(attr_num) AS e_num, any(attr_bool) AS e_bool
FROM metric_series
WHERE ${days(query.range, bindings)} AND metric = ${bindings.bind('String', query.metric)}${where}
GROUP BY series_id
ORDER BY series_service, series_id
LIMIT ${bindings.bind('UInt32', query.limit)}`)
}

export type PointColumns = 'value' | 'count' | 'explicit' | 'exponential'

const columnsOf: Readonly<Record<PointColumns, string>> = {
  value: `if(value_type = 'int', toFloat64(value_int), value) AS p_value`,
  count: `toFloat64(count) AS p_count, sum AS p_sum`,
  explicit: `toFloat64(count) AS p_count, sum AS p_sum, bounds AS p_bounds, arrayMap(c -> toFloat64(c), bucket_counts) AS p_counts`,
  exponential: `toFloat64(count) AS p_count, sum AS p_sum, scale AS p_scale, toFloat64(zero_count) AS p_zero,
  positive_offset AS p_positive_offset, arrayMap(c -> toFloat64(c), positive_counts) AS p_positive,
  negative_offset AS p_negative_offset, arrayMap(c -> toFloat64(c), negative_counts) AS p_negative`,
}

/** Points in series and time order; those that say "no value recorded" (flag 1) are left out. */
export function compilePoints(
  query: { readonly range: ResolvedRange; readonly metric: string; readonly seriesIds: readonly string[] },
  columns: PointColumns,
): Statement {
  const bindings = new Bindings()
  const from = bindings.bind('Int64', String(query.range.fromMs))
  const to = bindings.bind('Int64', String(query.range.toMs))
  return bindings.statement(`SELECT toString(series_id) AS p_series, toUnixTimestamp64Milli(time) AS p_time, toUnixTimestamp64Milli(start_time) AS p_start,
  ${columnsOf[columns]}
FROM metric_points
WHERE tenant = {tenant:String} AND metric = ${bindings.bind('String', query.metric)}
  AND series_id IN (SELECT toUInt64(arrayJoin(${bindings.bind('Array(String)', query.seriesIds)})))
  AND time >= fromUnixTimestamp64Milli(${from}, 'UTC') AND time < fromUnixTimestamp64Milli(${to}, 'UTC') AND bitAnd(flags, 1) = 0
ORDER BY series_id, time, block_id, row_no
LIMIT 1 BY series_id, time, start_time`)
}

export function compileExemplars(query: {
  readonly range: ResolvedRange
  readonly metric: string
  readonly seriesIds: readonly string[]
}): Statement {
  const bindings = new Bindings()
  const from = bindings.bind('Int64', String(query.range.fromMs))
  const to = bindings.bind('Int64', String(query.range.toMs))
  return bindings.statement(`SELECT toString(toUnixTimestamp64Nano(x_time)) AS x_ns, x_value, lower(hex(x_trace)) AS x_trace_id, lower(hex(x_span)) AS x_span_id
FROM metric_points
ARRAY JOIN exemplar_time AS x_time, exemplar_value AS x_value, exemplar_trace_id AS x_trace, exemplar_span_id AS x_span
WHERE tenant = {tenant:String} AND metric = ${bindings.bind('String', query.metric)}
  AND series_id IN (SELECT toUInt64(arrayJoin(${bindings.bind('Array(String)', query.seriesIds)})))
  AND time >= fromUnixTimestamp64Milli(${from}, 'UTC') AND time < fromUnixTimestamp64Milli(${to}, 'UTC')
ORDER BY x_time DESC
LIMIT 100`)
}
