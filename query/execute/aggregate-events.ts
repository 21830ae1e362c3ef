import { OrielError } from '@oriel/core'
import { type AggregateQuery, compileSeries, compileTotals } from '../compile/aggregate.ts'
import { parseKey } from '../compile/field.ts'
import { absentBucket, logBucketMiddle, percentileKey } from '../compile/log-bucket.ts'
import { coveredSeconds, resolveSteps, type Steps } from '../compile/step.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { Aggregate, AggregateAnswer, AggregateGroup, AggregateRequest } from '../contract.ts'
import { knownAttributes } from './known-attributes.ts'
import type { Inquiry } from './reader.ts'
import { resolveFields } from './resolve-fields.ts'

type Cell = number | string | null | Readonly<Record<string, number | string>>
type Row = Readonly<Record<string, Cell>>

export async function aggregateEvents(inquiry: Inquiry, request: AggregateRequest): Promise<AggregateAnswer> {
  const range = inquiry.range(request)
  const { fields: groupBy, types } = await resolveFields(inquiry, range, request.groupBy ?? [])
  const top = request.top ?? 10
  if (top > inquiry.settings.groupsMax) {
    throw new OrielError(
      'invalid_argument',
      `top ${top} exceeds the maximum ${inquiry.settings.groupsMax} (query.groupsMax)`,
    )
  }
  const steps =
    request.stepMs === undefined
      ? undefined
      : resolveSteps(range, request.stepMs, { stepsMax: inquiry.settings.stepsMax })
  const query: AggregateQuery = {
    range,
    where: request.where,
    known: await knownAttributes(inquiry, range, request.where),
    signals: request.signals,
    aggregates: request.aggregates,
    groupBy,
    top,
    types,
  }
  const rows = await inquiry.read<Row>(compileTotals(query))
  inquiry.sampled({
    weighted: rows.some((row) => Number(row.weighted) === 1),
    unknown: rows.some((row) => Number(row.unknown_sampling) === 1),
  })
  const seconds = coveredSeconds(range.fromMs, range.toMs - range.fromMs, {
    fromMs: range.fromMs,
    toMs: Math.min(range.toMs, Math.max(inquiry.nowMs, range.fromMs + 1)),
  })
  const groups = rows.map((row) => toGroup(row, { aggregates: request.aggregates, groupBy, seconds }))
  const groupsTotal = groupBy.length === 0 ? groups.length : Number(rows[0]?.groups_total ?? 0)
  if (steps === undefined) return { times: [], groups, groupsTotal, meta: inquiry.meta() }
  const chosen = rows.filter((row) => Number(row.other) === 0).map((row) => rawKey(row, groupBy))
  const series = await inquiry.read<Row>(compileSeries(query, steps.stepMs, chosen))
  const placed = placeSeries(series, { steps, range, aggregates: request.aggregates, nowMs: inquiry.nowMs })
  const filled = groups.map((group, index): AggregateGroup => {
    const place = group.other ? 0 : index + 1
    return {
      ...group,
      series:
        placed.get(place) ??
        request.aggregates.map((aggregate) => emptySeries(aggregate, steps, inquiry.nowMs)),
    }
  })
  return { times: steps.times, stepMs: steps.stepMs, groups: filled, groupsTotal, meta: inquiry.meta() }
}

const rawKey = (row: Row, groupBy: readonly string[]) =>
  groupBy.map((_, index) => String(row[`g_k${index}`] ?? ''))

interface GroupContext {
  readonly aggregates: readonly Aggregate[]
  readonly groupBy: readonly string[]
  readonly seconds: number
}

function toGroup(row: Row, context: GroupContext): AggregateGroup {
  const other = Number(row.other) === 1
  return {
    key: rawKey(row, context.groupBy).map((key) => (other ? null : parseKey(key))),
    other,
    totals: context.aggregates.map((aggregate, index) =>
      measured(row, { aggregate, index, seconds: context.seconds }),
    ),
  }
}

interface SeriesContext {
  readonly steps: Steps
  readonly range: ResolvedRange
  readonly aggregates: readonly Aggregate[]
  readonly nowMs: number
}

function placeSeries(rows: readonly Row[], context: SeriesContext): Map<number, (number | null)[][]> {
  const { steps, aggregates } = context
  const first = steps.times[0] ?? 0
  const placed = new Map<number, (number | null)[][]>()
  for (const row of rows) {
    const place = Number(row.place)
    const series =
      placed.get(place) ?? aggregates.map((aggregate) => emptySeries(aggregate, steps, context.nowMs))
    placed.set(place, series)
    const startMs = Number(row.step_ms)
    const position = Math.round((startMs - first) / steps.stepMs)
    const until = {
      fromMs: context.range.fromMs,
      toMs: Math.min(context.range.toMs, Math.max(context.nowMs, startMs + 1)),
    }
    const seconds = coveredSeconds(startMs, steps.stepMs, until)
    aggregates.forEach((aggregate, index) => {
      const values = series[index]
      if (values !== undefined && position < values.length)
        values[position] = measured(row, { aggregate, index, seconds })
    })
  }
  return placed
}

/** No events is a count of zero, up to now; every other measure of nothing is a gap. */
function emptySeries(aggregate: Aggregate, steps: Steps, nowMs: number): (number | null)[] {
  const countable = aggregate.op === 'count' || aggregate.op === 'rate'
  return steps.times.map((startMs) => (countable && startMs <= nowMs ? 0 : null))
}

function measured(
  row: Row,
  at: { readonly aggregate: Aggregate; readonly index: number; readonly seconds: number },
): number | null {
  const { aggregate, index, seconds } = at
  const cell = (suffix: string) => row[`f_m${index}_${suffix}`]
  const number = (suffix: string) => Number(cell(suffix) ?? 0)
  switch (aggregate.op) {
    case 'count':
      return number('w')
    case 'rate':
      return seconds > 0 ? number('w') / seconds : null
    case 'error_rate':
      return number('w') > 0 ? number('e') / number('w') : null
    case 'sum':
      return number('w') > 0 ? number('s') : null
    case 'avg':
      return number('w') > 0 ? number('s') / number('w') : null
    case 'distinct':
      return number('u')
    case 'percentile':
      return percentileOf(cell('b'), aggregate.p)
    default: {
      const value = cell('v')
      return value === null || value === undefined ? null : Number(value)
    }
  }
}

function percentileOf(cell: Cell | undefined, p: number): number | null {
  if (typeof cell !== 'object' || cell === null) return null
  const buckets = new Map(Object.entries(cell).map(([key, weight]) => [Number(key), Number(weight)]))
  buckets.delete(absentBucket)
  const key = percentileKey(buckets, p)
  return key === undefined ? null : logBucketMiddle(key)
}
