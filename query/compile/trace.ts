import { attributeColumns, eventColumns } from './event-columns.ts'
import { timeBounds } from './events-scope.ts'
import { Bindings, type Statement } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

/** Where a trace lies: from the index, so that reading it needs neither a guess nor an index on the id. */
export function compileTraceBounds(traceId: string): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT toString(toUnixTimestamp64Nano(min(start))) AS start_ns, toString(toUnixTimestamp64Nano(max(end))) AS end_ns,
  sum(spans) AS span_count, sum(errors) AS error_count, sum(logs) AS log_count, count() AS found
FROM trace_index
WHERE tenant = {tenant:String} AND trace_id = unhex(${bindings.bind('String', traceId)})
HAVING found > 0`)
}

/** What the store holds of it, and how much of that is resent: the index counts before sampling and before duplicates. */
export function compileTraceTotals(traceId: string, range: ResolvedRange): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT countIf(signal = 'span') AS stored, uniqExactIf(span_id, signal = 'span') AS spans,
  uniqExactIf(span_id, signal = 'span' AND status = 'error') AS errors,
  arraySort(groupUniqArray(1000)(toString(service))) AS services,
  max(weight != 1) AS weighted, max(th = '' AND signal = 'span') AS unknown_sampling
FROM events
WHERE ${traceScope(traceId, range, bindings)}`)
}

export interface TraceAfter {
  readonly timeNs: string
  readonly spanId: string
}

const spanColumns = `toString(block_id) AS e_block, row_no AS e_row, lower(hex(span_id)) AS e_span, lower(hex(parent_span_id)) AS e_parent,
    service AS e_service, name AS e_name, toString(kind) AS e_kind, toString(status) AS e_status,
    toUnixTimestamp64Nano(time) AS time_ns, toString(time_ns) AS e_time, toString(duration_ns) AS e_duration,
    arrayMap(t -> toString(toUnixTimestamp64Nano(t)), span_event_time) AS e_event_times, weight AS e_weight, th = '' AS e_unknown`

/** All stored rows of the spans in start order, duplicates too: enough when they are fewer than the limit. */
export function compileWholeTrace(traceId: string, range: ResolvedRange, limit: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT ${spanColumns}
FROM events
WHERE ${traceScope(traceId, range, bindings)} AND signal = 'span'
ORDER BY time, span_id, block_id, row_no
LIMIT ${bindings.bind('UInt32', limit)}`)
}

/** Spans in start order, the first of each span id, behind `after`. Maps are not read: lists never select them. */
export function compileTraceSpans(
  traceId: string,
  range: ResolvedRange,
  page: { readonly limit: number; readonly after?: TraceAfter | undefined },
): Statement {
  const bindings = new Bindings()
  const scope = traceScope(traceId, range, bindings)
  const after = page.after === undefined ? '' : `WHERE ${afterSql(page.after, bindings)}`
  return bindings.statement(`SELECT e_block, e_row, e_span, e_parent, e_service, e_name, e_kind, e_status, e_time, e_duration, e_event_times, e_weight
FROM (SELECT ${spanColumns}
  FROM events
  WHERE ${scope} AND signal = 'span'
  ORDER BY time, span_id, block_id, row_no
  LIMIT 1 BY span_id)
${after}
ORDER BY time_ns, e_span
LIMIT ${bindings.bind('UInt32', page.limit)}`)
}

/** Log records and wide events that carry the trace id, in time order. */
export function compileTraceLogs(traceId: string, range: ResolvedRange, limit: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT ${eventColumns}, ${attributeColumns}
FROM events
WHERE ${traceScope(traceId, range, bindings)} AND signal != 'span'
ORDER BY time, block_id, row_no
LIMIT ${bindings.bind('UInt32', limit)}`)
}

const detailColumns = `${eventColumns}, ${attributeColumns}, toString(resource_id) AS e_resource, scope_name AS e_scope_name,
  scope_version AS e_scope_version, trace_state AS e_trace_state, th AS e_th, sample_reason AS e_sample_reason,
  arrayMap(t -> toString(toUnixTimestamp64Nano(t)), span_event_time) AS e_event_times, span_event_name AS e_event_names,
  span_event_attributes AS e_event_attributes, arrayMap(i -> lower(hex(i)), link_trace_id) AS e_link_traces,
  arrayMap(i -> lower(hex(i)), link_span_id) AS e_link_spans, link_attributes AS e_link_attributes,
  dropped_attributes AS e_dropped_attributes, dropped_events AS e_dropped_events, dropped_links AS e_dropped_links`

export function compileSpan(traceId: string, spanId: string, range: ResolvedRange): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT ${detailColumns}
FROM events
WHERE ${traceScope(traceId, range, bindings)} AND signal = 'span' AND span_id = unhex(${bindings.bind('String', spanId)})
ORDER BY time, block_id, row_no
LIMIT 1`)
}

/** One event by its identity; its time tells the bucket. */
export function compileEvent(
  id: { readonly blockId: string; readonly rowNo: number },
  timeNs: string,
): Statement {
  const bindings = new Bindings()
  const time = `fromUnixTimestamp64Nano(${bindings.bind('Int64', timeNs)}, 'UTC')`
  return bindings.statement(`SELECT ${detailColumns}
FROM events
WHERE tenant = {tenant:String} AND toStartOfFiveMinutes(time) = toStartOfFiveMinutes(${time}) AND time = ${time}
  AND block_id = ${bindings.bind('UInt64', id.blockId)} AND row_no = ${bindings.bind('UInt32', id.rowNo)}
LIMIT 1`)
}

export function compileResource(resourceId: string): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT attr_str AS e_str, attr_num AS e_num, attr_bool AS e_bool
FROM resources
WHERE tenant = {tenant:String} AND resource_id = ${bindings.bind('UInt64', resourceId)}
ORDER BY day DESC
LIMIT 1`)
}

function traceScope(traceId: string, range: ResolvedRange, bindings: Bindings): string {
  const id = bindings.bind('String', traceId)
  return ['tenant = {tenant:String}', ...timeBounds(range, bindings), `trace_id = unhex(${id})`].join(' AND ')
}

function afterSql(after: TraceAfter, bindings: Bindings): string {
  return `(time_ns, e_span) > (${bindings.bind('Int64', after.timeNs)}, ${bindings.bind('String', after.spanId)})`
}
