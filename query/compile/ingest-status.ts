import { Bindings, type Statement } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

export function compileLedger(range: ResolvedRange): Statement {
  const bindings = new Bindings()
  const from = bindings.bind('UInt32', Math.floor(range.fromMs / 60_000) * 60)
  const to = bindings.bind('UInt32', Math.ceil(range.toMs / 1000))
  return bindings.statement(`SELECT toUnixTimestamp(minute) * 1000 AS minute_ms, toString(signal) AS l_signal, toString(outcome) AS l_outcome, reason AS l_reason,
  sum(requests) AS l_requests, sum(items) AS l_items, sum(bytes) AS l_bytes
FROM ingest_minute
WHERE tenant = {tenant:String} AND minute >= toDateTime(${from}, 'UTC') AND minute < toDateTime(${to}, 'UTC')
GROUP BY minute, signal, outcome, reason
ORDER BY minute, signal, outcome, reason`)
}

/** Rows stored that were received in the range: by receive time, as the ledger counts. Event time is bounded to a day around it. */
export function compileStored(range: ResolvedRange): Statement {
  const bindings = new Bindings()
  const from = `fromUnixTimestamp64Milli(${bindings.bind('Int64', String(Math.floor(range.fromMs / 60_000) * 60_000))}, 'UTC')`
  const to = `fromUnixTimestamp64Milli(${bindings.bind('Int64', String(range.toMs))}, 'UTC')`
  const received = `tenant = {tenant:String} AND ingest_time >= ${from} AND ingest_time < ${to}`
  return bindings.statement(`SELECT toString(signal) AS l_signal, count() AS l_rows FROM events WHERE ${received} GROUP BY signal
UNION ALL SELECT 'metric' AS l_signal, count() AS l_rows FROM metric_points WHERE ${received}`)
}

/** Size of the telemetry tables, all tenants together: of the store, not of anyone's data. */
export function compileStoreSize(): Statement {
  return {
    sql: `SELECT sum(bytes_on_disk) AS s_bytes, sum(rows) AS s_rows, count() AS s_parts
FROM system.parts
WHERE active AND database = currentDatabase()`,
    params: {},
  }
}
