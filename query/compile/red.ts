import { Bindings, type Statement } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

/** From the rollup made before sampling: its numbers do not depend on what was kept. */
const scope = (range: ResolvedRange, bindings: Bindings) => `tenant = {tenant:String}
  AND minute >= toDateTime(${bindings.bind('UInt32', Math.floor(range.fromMs / 1000))}, 'UTC')
  AND minute < toDateTime(${bindings.bind('UInt32', Math.ceil(range.toMs / 1000))}, 'UTC') AND signal IN ('span', 'event')`

/** Our own service, which the list leaves out: it shows what people run. Its own page is asked for by name. */
const others = `service != 'oriel'`

const entry = `kind IN ('server', 'consumer')`

/** Per service, step and whether entry spans: the caller takes the entry rows where a service has any. */
export function compileServiceSteps(range: ResolvedRange, stepMs: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT service, ${entry} AS is_entry, toUnixTimestamp(toStartOfInterval(minute, toIntervalSecond(${stepMs / 1000}), 'UTC')) * 1000 AS step_ms,
  sum(weight) AS requests, sum(error_weight) AS errors
FROM red_minute
WHERE ${scope(range, bindings)} AND ${others}
GROUP BY service, is_entry, step_ms
ORDER BY service, is_entry, step_ms`)
}

export function compileServiceDurations(range: ResolvedRange): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT service, ${entry} AS is_entry, sumMap(duration_buckets) AS buckets
FROM red_minute
WHERE ${scope(range, bindings)} AND ${others}
GROUP BY service, is_entry`)
}

/** The newest service.version seen per service. */
export function compileServiceVersions(range: ResolvedRange): Statement {
  const bindings = new Bindings()
  const day = (ms: number) => bindings.bind('Date', new Date(ms).toISOString().slice(0, 10))
  return bindings.statement(`SELECT service, argMax(attr_str['service.version'], last_seen) AS version
FROM resources
WHERE tenant = {tenant:String} AND day >= ${day(range.fromMs)} AND day <= ${day(range.toMs)} AND attr_str['service.version'] != ''
GROUP BY service`)
}

export function compileOperations(service: string, range: ResolvedRange, limit: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT name, toString(kind) AS kind_name, sum(weight) AS requests, sum(error_weight) AS errors, sumMap(duration_buckets) AS buckets
FROM red_minute
WHERE ${scope(range, bindings)} AND service = ${bindings.bind('String', service)}
GROUP BY name, kind
ORDER BY requests DESC, name
LIMIT ${bindings.bind('UInt32', limit)}`)
}
