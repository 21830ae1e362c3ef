import type { MetricQueryAnswer } from '@oriel/query/contract'
import type { ChartSeries } from '../chart/time-chart.ts'
import { groupLabel } from '../explore/group-label.ts'
import type { Operation } from './operations.ts'

export interface MetricLine extends ChartSeries {
  readonly key: MetricQueryAnswer['groups'][number]['key']
  readonly last: number | null
  readonly min: number | null
  readonly max: number | null
}

/** One line per group and part of the operation; `color` is the name of a token, dealt in order so that neighbours differ. */
export function metricLines(
  answers: readonly MetricQueryAnswer[],
  operation: Operation,
): readonly MetricLine[] {
  const lines = answers.flatMap((answer, part) =>
    answer.groups.map(({ key, values }) => {
      const known = values.filter((value) => value !== null)
      const name = operation.parts[part]?.label ?? ''
      return {
        key,
        values,
        label: key.length === 0 ? name : groupLabel({ key, other: false }),
        last: known.at(-1) ?? null,
        min: known.length > 0 ? known.reduce((a, b) => Math.min(a, b)) : null,
        max: known.length > 0 ? known.reduce((a, b) => Math.max(a, b)) : null,
      }
    }),
  )
  return lines.map((line, at) => ({ ...line, color: `--cat-${(at % 12) + 1}` }))
}
