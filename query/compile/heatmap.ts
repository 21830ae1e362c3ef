import { OrielError } from '@oriel/core'
import { type EventsScope, eventsScopeSql } from './events-scope.ts'
import { numberSql } from './field.ts'
import { Bindings, type Statement } from './statement.ts'

/** Four rows per doubling: fine enough to see two modes, few enough to draw. Row r begins at 2^(r/4). */
export const heatmapRowsPerDoubling = 4

export interface HeatmapQuery extends EventsScope {
  readonly field: string
  readonly stepMs: number
}

/** Weight per step and row; values of zero and below fall into the lowest row of the answer. */
export function compileHeatmap(query: HeatmapQuery): Statement {
  const bindings = new Bindings()
  const { from, where } = eventsScopeSql({ ...query, fields: [query.field] }, bindings)
  const number = numberSql(query.field, bindings)
  if (number === undefined) {
    throw new OrielError('invalid_argument', `field "${query.field}" is not a number; a heatmap needs one`)
  }
  const row = `if(${number.value} > 0, toInt32(floor(log2(${number.value}) * ${heatmapRowsPerDoubling})), -100000)`
  return bindings.statement(`SELECT toUnixTimestamp64Milli(toStartOfInterval(time, toIntervalMillisecond(${query.stepMs}), 'UTC')) AS step_ms,
  ${row} AS bound, sum(weight) AS total, max(weight != 1) AS weighted, max(th = '' AND signal = 'span') AS unknown_sampling
FROM ${from}
WHERE ${where} AND weight > 0 AND ${number.present}
GROUP BY step_ms, bound
ORDER BY step_ms, bound`)
}
