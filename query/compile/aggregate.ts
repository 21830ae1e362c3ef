import { OrielError } from '@oriel/core'
import type { Aggregate } from '../contract.ts'
import { type Measure, measureOf } from './aggregate-measure.ts'
import { type EventsScope, eventsScopeSql } from './events-scope.ts'
import { type AttributeTypes, keySql } from './field.ts'
import { Bindings, type Statement } from './statement.ts'

export interface AggregateQuery extends EventsScope {
  readonly aggregates: readonly Aggregate[]
  readonly groupBy: readonly string[]
  readonly top: number
  readonly types: AttributeTypes
}

const sampling = `max(weight != 1) AS weighted, max(th = '' AND signal = 'span') AS unknown_sampling`

/**
 * Totals per group in one scan: rows → partial states per group → rank by the first aggregate → top N, the rest merged into one.
 * Rows of weight 0 (context) are shown elsewhere, never counted here.
 */
export function compileTotals(query: AggregateQuery): Statement {
  const bindings = new Bindings()
  const parts = innerParts(query, bindings)
  const keys = query.groupBy.map((_, index) => `k${index}`)
  const list = [...keys, ''].join(', ')
  const first = parts.measures[0]
  if (first === undefined) throw new OrielError('invalid_argument', 'aggregates is empty; name at least one')
  const merged = parts.measures.flatMap((measure) => measure.merge)
  const isOther = keys.length === 0 ? '0' : `place > ${bindings.bind('UInt32', query.top)}`
  const order = [`(${first.rank}) DESC NULLS LAST`, ...keys]
  return bindings.statement(`SELECT ${keys.map((key) => `if(other, '', ${key}) AS g_${key}, `).join('')}${isOther} AS other,
  ${parts.measures.flatMap((measure) => measure.final).join(', ')},
  any(groups) AS groups_total, max(weighted_any) AS weighted, max(unknown_any) AS unknown_sampling, min(place) AS first_place
FROM (SELECT *, row_number() OVER (ORDER BY ${order.join(', ')}) AS place, count() OVER () AS groups
  FROM (SELECT ${list}${merged.join(', ')}, max(weighted) AS weighted_any, max(unknown_sampling) AS unknown_any
    FROM (${parts.inner}) GROUP BY ${keys.length === 0 ? `tuple()` : keys.join(', ')}))
GROUP BY ${[...keys.map((key) => `g_${key}`), 'other'].join(', ')}
ORDER BY other, first_place`)
}

/** The same per step, for groups already chosen: what is not among them is the other group. */
export function compileSeries(
  query: AggregateQuery,
  stepMs: number,
  chosen: readonly (readonly string[])[],
): Statement {
  const bindings = new Bindings()
  const keys = query.groupBy.map((_, index) => `k${index}`)
  const joined = keys.length === 0 ? `''` : joinedKeySql(keys)
  const wanted = bindings.bind('Array(String)', chosen.map(joinedKey))
  const place = keys.length === 0 ? '1' : `indexOf(${wanted}, ${joined})`
  const parts = innerParts(query, bindings, { stepMs, place })
  return bindings.statement(`SELECT place, toUnixTimestamp64Milli(step) AS step_ms, ${parts.measures
    .flatMap((measure) => measure.finalOfInner)
    .join(', ')}, 0 AS other
FROM (${parts.inner})
GROUP BY place, step
ORDER BY place, step`)
}

/** Group keys as one text, unambiguous whatever they hold: each with its length in bytes before it. */
export function joinedKey(keys: readonly string[]): string {
  return keys.map((key) => `${Buffer.byteLength(key)}:${key}`).join('')
}

function joinedKeySql(keys: readonly string[]): string {
  return `concat(${keys.map((key) => `toString(length(${key})), ':', ${key}`).join(', ')}, '')`
}

interface InnerParts {
  readonly inner: string
  readonly measures: readonly Measure[]
}

/** Partial states per group, and per step when there is one. The bucket of the first percentile's field joins the key: far cheaper than a map per row. */
function innerParts(
  query: AggregateQuery,
  bindings: Bindings,
  series?: { readonly stepMs: number; readonly place: string },
): InnerParts {
  const { from, where } = eventsScopeSql(
    { ...query, fields: [...query.groupBy, ...fieldsOf(query.aggregates)] },
    bindings,
  )
  const bucketed = query.aggregates.find((aggregate) => aggregate.op === 'percentile')?.field
  const measures = query.aggregates.map((aggregate, index) =>
    measureOf(aggregate, { index, bucketed, bindings, types: query.types }),
  )
  const keys = query.groupBy.map((field, index) => `${keySql(field, bindings, query.types)} AS k${index}`)
  const bucket = measures.find((measure) => measure.bucket !== undefined)?.bucket
  const extra = bucket === undefined ? [] : [`${bucket} AS bucket`]
  const step =
    series === undefined
      ? []
      : [`toStartOfInterval(time, toIntervalMillisecond(${series.stepMs}), 'UTC') AS step`]
  const partials = [...measures.flatMap((measure) => measure.partial), sampling].join(', ')
  const names = ['k', 'bucket', 'step']
  const scan = `SELECT ${[...keys, ...extra, ...step].concat(partials).join(', ')} FROM ${from} WHERE ${where} AND weight > 0`
  if (series === undefined) {
    const grouped = [
      ...query.groupBy.map((_, index) => `k${index}`),
      ...(bucket === undefined ? [] : [names[1]]),
    ]
    return { inner: `${scan}${grouped.length === 0 ? '' : ` GROUP BY ${grouped.join(', ')}`}`, measures }
  }
  const head = keys.length === 0 ? '' : `WITH ${keys.join(', ')} `
  const grouped = ['place', 'step', ...(bucket === undefined ? [] : ['bucket'])]
  return {
    inner: `${head}SELECT ${[`${series.place} AS place`, ...extra, ...step, partials].join(', ')} FROM ${from} WHERE ${where} AND weight > 0 GROUP BY ${grouped.join(', ')}`,
    measures,
  }
}

function fieldsOf(aggregates: readonly Aggregate[]): readonly string[] {
  return aggregates.flatMap((aggregate) => ('field' in aggregate ? [aggregate.field] : []))
}
