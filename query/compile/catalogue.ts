import type { IntrinsicField } from './intrinsic-fields.ts'
import { Bindings, type Statement } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

/** Autocomplete reads the catalogue, never events. Its rows are per hour, so the range is widened to whole hours. */
function hours(range: ResolvedRange, bindings: Bindings): string {
  const hour = 3_600_000
  const from = bindings.bind('UInt32', (Math.floor(range.fromMs / hour) * hour) / 1000)
  return `tenant = {tenant:String} AND hour >= toDateTime(${from}, 'UTC') AND hour < toDateTime(${bindings.bind('UInt32', Math.ceil(range.toMs / 1000))}, 'UTC')`
}

export function compileFields(range: ResolvedRange, prefix: string, limit: number): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT key, toString(scope) AS key_scope, toString(argMax(type, key_rows)) AS key_type, sum(key_rows) AS total
FROM (SELECT key, scope, type, sum(rows) AS key_rows FROM attribute_catalogue
  WHERE ${hours(range, bindings)} AND value = '' AND startsWith(lower(key), lower(${bindings.bind('String', prefix)}))
  GROUP BY key, scope, type)
GROUP BY key, scope
ORDER BY total DESC, key
LIMIT ${bindings.bind('UInt32', limit)}`)
}

/** Which maps hold these attribute keys, so that a query reads only those. */
export function compileFieldTypes(range: ResolvedRange, keys: readonly string[]): Statement {
  const bindings = new Bindings()
  return bindings.statement(`SELECT DISTINCT key, toString(scope) AS key_scope, toString(type) AS key_type
FROM attribute_catalogue
WHERE ${hours(range, bindings)} AND value = '' AND key IN (${bindings.bind('Array(String)', keys)})`)
}

/**
 * Scopes and types of keys. Attributes are catalogued under the hour of their event, resources under that of their arrival,
 * which is at most an hour before and may be long after.
 */
export function compileKeyPlaces(range: ResolvedRange, keys: readonly string[]): Statement {
  const bindings = new Bindings()
  const instant = (ms: number) =>
    `toDateTime(${bindings.bind('UInt32', Math.max(0, Math.floor(ms / 1000)))}, 'UTC')`
  return bindings.statement(`SELECT DISTINCT key, toString(scope) AS key_scope, toString(type) AS key_type
FROM attribute_catalogue
WHERE tenant = {tenant:String} AND hour >= ${instant(range.fromMs - 7_200_000)} AND key IN (${bindings.bind('Array(String)', keys)}) AND value = ''
  AND (scope = 'resource' OR hour < ${instant(range.toMs)})`)
}

export interface ValuesQuery {
  readonly range: ResolvedRange
  readonly key: string
  readonly scope: 'attribute' | 'resource'
  readonly prefix: string
  readonly service?: string | undefined
  readonly limit: number
}

/** Values most seen first; the row with value '' counts the key itself, so less than its sum means values were left out. */
export function compileValues(query: ValuesQuery): Statement {
  const bindings = new Bindings()
  const service =
    query.service === undefined ? '' : ` AND service = ${bindings.bind('String', query.service)}`
  return bindings.statement(`SELECT value, toString(type) AS value_type, sum(rows) AS total
FROM attribute_catalogue
WHERE ${hours(query.range, bindings)} AND key = ${bindings.bind('String', query.key)} AND scope = '${query.scope}'${service}
  AND (value = '' OR startsWith(lower(value), lower(${bindings.bind('String', query.prefix)})))
GROUP BY value, type
ORDER BY value = '' DESC, total DESC, value
LIMIT ${bindings.bind('UInt32', query.limit + 3)}`)
}

/** Values of the columns that the RED rollup holds. */
export function compileIntrinsicValues(
  field: IntrinsicField,
  query: Omit<ValuesQuery, 'key' | 'scope'>,
): Statement {
  const bindings = new Bindings()
  const service =
    query.service === undefined ? '' : ` AND service = ${bindings.bind('String', query.service)}`
  const value = `toString(${field.listed ?? `''`})`
  return bindings.statement(`SELECT ${value} AS listed, sum(rows) AS total
FROM red_minute
WHERE tenant = {tenant:String} AND minute >= toDateTime(${bindings.bind('UInt32', Math.floor(query.range.fromMs / 60_000) * 60)}, 'UTC')
  AND minute < toDateTime(${bindings.bind('UInt32', Math.ceil(query.range.toMs / 1000))}, 'UTC')${service}
  AND startsWith(lower(${value}), lower(${bindings.bind('String', query.prefix)}))
GROUP BY listed
ORDER BY total DESC, listed
LIMIT ${bindings.bind('UInt32', query.limit)}`)
}
