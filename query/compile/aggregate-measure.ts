import { OrielError } from '@oriel/core'
import type { Aggregate } from '../contract.ts'
import { type AttributeTypes, keySql, numberSql } from './field.ts'
import { absentBucket, logBucketSql } from './log-bucket.ts'
import type { Bindings } from './statement.ts'

/** One aggregate on its way through the levels of SQL: rows → partial → merged → final. */
export interface Measure {
  /** Over the rows of the store. */
  readonly partial: readonly string[]
  /** The bucket key of a percentile, to be grouped by in the first level. */
  readonly bucket?: string
  /** Partials of one group into one. */
  readonly merge: readonly string[]
  /** Over merged partials: what groups are ranked by. */
  readonly rank: string
  /** Over merged partials of several groups. */
  readonly final: readonly string[]
  /** Over partials directly, where no ranking stands between. */
  readonly finalOfInner: readonly string[]
}

export interface MeasureContext {
  readonly index: number
  readonly bucketed: string | undefined
  readonly bindings: Bindings
  readonly types: AttributeTypes
}

export const errorSql = `(status = 'error' OR severity >= 17)`

export function measureOf(aggregate: Aggregate, context: MeasureContext): Measure {
  const name = `m${context.index}`
  switch (aggregate.op) {
    case 'count':
    case 'rate':
      return additive([[`${name}_w`, 'sum(weight)']], `${name}_w`)
    case 'error_rate':
      return additive(
        [
          [`${name}_w`, 'sum(weight)'],
          [`${name}_e`, `sumIf(weight, ${errorSql})`],
        ],
        `${name}_e / ${name}_w`,
      )
    case 'distinct':
      return distinct(name, aggregate.field, context)
    case 'percentile':
      return percentile(name, aggregate, context)
    default:
      return numeric(name, aggregate, context)
  }
}

function additive(columns: readonly (readonly [string, string])[], rank: string): Measure {
  const sums = columns.map(([name]) => `sum(${name}) AS ${name}`)
  return {
    partial: columns.map(([name, sql]) => `${sql} AS ${name}`),
    merge: sums,
    rank,
    final: finals(columns, 'sum'),
    finalOfInner: finals(columns, 'sum'),
  }
}

/** Final columns carry an `f_` so that no alias shadows the column it aggregates. */
function finals(columns: readonly (readonly [string, string])[], merge: string): readonly string[] {
  return columns.map(([name]) => `${merge}(${name}) AS f_${name}`)
}

function numeric(
  name: string,
  aggregate: Extract<Aggregate, { op: 'sum' | 'avg' | 'min' | 'max' | 'distinct' }>,
  context: MeasureContext,
): Measure {
  const { value, present } = requireNumber(aggregate.field, context.bindings)
  if (aggregate.op === 'min' || aggregate.op === 'max') {
    const { op } = aggregate
    const columns = [[`${name}_v`, `${op}OrNullIf(${value}, ${present})`]] as const
    const merged = [`${op}(${name}_v) AS ${name}_v`]
    return {
      partial: columns.map(([column, sql]) => `${sql} AS ${column}`),
      merge: merged,
      rank: `${name}_v`,
      final: finals(columns, op),
      finalOfInner: finals(columns, op),
    }
  }
  const columns = [
    [`${name}_s`, `sumIf(${value} * weight, ${present})`],
    [`${name}_w`, `sumIf(weight, ${present})`],
  ] as const
  return additive(columns, aggregate.op === 'sum' ? `${name}_s` : `${name}_s / ${name}_w`)
}

function distinct(name: string, field: string, context: MeasureContext): Measure {
  const key = keySql(field, context.bindings, context.types)
  return {
    partial: [`uniqExactStateIf(${key}, ${key} != '') AS ${name}_u`],
    merge: [`uniqExactMergeState(${name}_u) AS ${name}_u`],
    rank: `finalizeAggregation(${name}_u)`,
    final: [`uniqExactMerge(${name}_u) AS f_${name}_u`],
    finalOfInner: [`uniqExactMerge(${name}_u) AS f_${name}_u`],
  }
}

function percentile(
  name: string,
  aggregate: Extract<Aggregate, { op: 'percentile' }>,
  context: MeasureContext,
): Measure {
  if (!(aggregate.p > 0 && aggregate.p <= 1)) {
    throw new OrielError('invalid_argument', `percentile p ${aggregate.p} is not within 0..1`)
  }
  const { value, present } = requireNumber(aggregate.field, context.bindings)
  const bucket = `if(${present}, ${logBucketSql(value)}, ${absentBucket})`
  const column = `${name}_b`
  const rank = percentileSql(column, aggregate.p)
  if (context.bucketed === aggregate.field) {
    const merge = `sumMap(map(bucket, ${column}))`
    return {
      partial: [`sum(weight) AS ${column}`],
      bucket,
      merge: [`${merge} AS ${column}`],
      rank,
      final: [`sumMap(${column}) AS f_${column}`],
      finalOfInner: [`${merge} AS f_${column}`],
    }
  }
  return {
    partial: [`sumMap(map(toInt32(${bucket}), weight)) AS ${column}`],
    merge: [`sumMap(${column}) AS ${column}`],
    rank,
    final: [`sumMap(${column}) AS f_${column}`],
    finalOfInner: [`sumMap(${column}) AS f_${column}`],
  }
}

/** The bucket of the percentile, which orders like the value itself. */
function percentileSql(column: string, p: number): string {
  const present = `mapFilter((b, w) -> b != ${absentBucket}, ${column})`
  return `if(empty(${present}), NULL, mapKeys(${present})[arrayFirstIndex(w -> w >= ${p} * arraySum(mapValues(${present})), arrayCumSum(mapValues(${present})))])`
}

function requireNumber(field: string, bindings: Bindings) {
  const found = numberSql(field, bindings)
  if (found === undefined)
    throw new OrielError('invalid_argument', `field "${field}" is not a number; use count or distinct`)
  return found
}
