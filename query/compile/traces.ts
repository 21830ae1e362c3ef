import { type EventsScope, eventsScopeSql } from './events-scope.ts'
import { Bindings, type Statement } from './statement.ts'

export interface TracesQuery extends EventsScope {
  readonly limit: number
  /** Traces that began before this one in the order newest first. */
  readonly after?: { readonly startNs: string; readonly traceId: string } | undefined
}

/**
 * Traces newest first. With a predicate the events choose the traces (any span matches); without one the index alone
 * answers. A trace belongs to the range in which it began.
 */
export function compileTraces(query: TracesQuery): Statement {
  const bindings = new Bindings()
  const day = (ms: number) => bindings.bind('Date', new Date(ms).toISOString().slice(0, 10))
  const conditions = [
    'tenant = {tenant:String}',
    `day >= ${day(query.range.fromMs - 86_400_000)}`,
    `day <= ${day(query.range.toMs + 86_400_000)}`,
  ]
  if (query.where !== undefined && query.where.trim() !== '') {
    const { from, where } = eventsScopeSql(query, bindings)
    conditions.push(
      `trace_id IN (SELECT trace_id FROM ${from} WHERE ${where} AND trace_id != toFixedString('', 16))`,
    )
  }
  const from = `fromUnixTimestamp64Milli(${bindings.bind('Int64', String(query.range.fromMs))}, 'UTC')`
  const to = `fromUnixTimestamp64Milli(${bindings.bind('Int64', String(query.range.toMs))}, 'UTC')`
  const after =
    query.after === undefined
      ? ''
      : ` AND (toUnixTimestamp64Nano(t_start), t_trace) < (${bindings.bind('Int64', query.after.startNs)}, ${bindings.bind('String', query.after.traceId)})`
  return bindings.statement(`SELECT lower(hex(trace_id)) AS t_trace, min(start) AS t_start, max(end) AS t_end,
  toString(toUnixTimestamp64Nano(t_start)) AS start_ns, toString(toUnixTimestamp64Nano(t_end) - toUnixTimestamp64Nano(t_start)) AS duration_ns,
  max(root_service) AS t_root_service, max(root_name) AS t_root_name, sum(spans) AS t_spans, sum(errors) AS t_errors
FROM trace_index
WHERE ${conditions.join(' AND ')}
GROUP BY trace_id
HAVING t_start >= ${from} AND t_start < ${to} AND t_spans > 0${after}
ORDER BY t_start DESC, t_trace DESC
LIMIT ${bindings.bind('UInt32', query.limit)}`)
}
