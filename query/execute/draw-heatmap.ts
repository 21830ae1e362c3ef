import { OrielError } from '@oriel/core'
import { compileHeatmap, heatmapRowsPerDoubling } from '../compile/heatmap.ts'
import { resolveSteps } from '../compile/step.ts'
import type { HeatmapAnswer, HeatmapRequest } from '../contract.ts'
import { knownAttributes } from './known-attributes.ts'
import type { Inquiry } from './reader.ts'

interface Row {
  readonly step_ms: string
  readonly bound: number
  readonly total: number
  readonly weighted: number
  readonly unknown_sampling: number
}

export async function drawHeatmap(inquiry: Inquiry, request: HeatmapRequest): Promise<HeatmapAnswer> {
  const range = inquiry.range(request)
  const columns = request.columns ?? 120
  if (!(columns >= 1 && columns <= inquiry.settings.stepsMax)) {
    throw new OrielError(
      'invalid_argument',
      `columns ${columns} is not within 1..${inquiry.settings.stepsMax} (query.stepsMax)`,
    )
  }
  const wanted = Math.max(1, Math.ceil((range.toMs - range.fromMs) / columns))
  const steps = resolveSteps(range, wanted, { stepsMax: inquiry.settings.stepsMax + 1 })
  const known = await knownAttributes(inquiry, range, request.where)
  const rows = await inquiry.read<Row>(
    compileHeatmap({ ...request, range, known, field: request.field ?? 'duration', stepMs: steps.stepMs }),
  )
  inquiry.sampled({
    weighted: rows.some((row) => Number(row.weighted) === 1),
    unknown: rows.some((row) => Number(row.unknown_sampling) === 1),
  })
  const above = rows.map((row) => row.bound).filter((bound) => bound > -100_000)
  const lowest = above.reduce((least, bound) => Math.min(least, bound), Number.POSITIVE_INFINITY)
  const highest = above.reduce((most, bound) => Math.max(most, bound), Number.NEGATIVE_INFINITY)
  const base = Number.isFinite(lowest) ? lowest : 0
  const height = rows.length === 0 ? 0 : Math.max(1, (Number.isFinite(highest) ? highest : base) - base + 1)
  const bounds = Array.from({ length: height }, (_, index) => 2 ** ((base + index) / heatmapRowsPerDoubling))
  const cells = new Map<string, [number, number, number]>()
  for (const row of rows) {
    const column = Math.round((Number(row.step_ms) - (steps.times[0] ?? 0)) / steps.stepMs)
    const line = Math.max(0, row.bound - base)
    const cell = cells.get(`${column}:${line}`) ?? [column, line, 0]
    cell[2] += Number(row.total)
    cells.set(`${column}:${line}`, cell)
  }
  return {
    times: steps.times,
    stepMs: steps.stepMs,
    bounds,
    cells: [...cells.values()],
    meta: inquiry.meta(),
  }
}
