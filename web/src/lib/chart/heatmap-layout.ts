import type { HeatmapAnswer } from '@oriel/query/contract'

export interface HeatmapCell {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** 1..5, log scaled: the token --heat-n. */
  readonly level: number
  readonly weight: number
}

export interface HeatmapLayout {
  readonly cells: readonly HeatmapCell[]
  /** Labels of the value axis: the lower bound and the y it sits at. */
  readonly marks: readonly { readonly bound: number; readonly y: number }[]
}

/** Places the cells in a box; only the rows between the least and greatest bound in use are given room. */
export function heatmapLayout(
  answer: Pick<HeatmapAnswer, 'times' | 'bounds' | 'cells'>,
  box: { readonly width: number; readonly height: number },
): HeatmapLayout {
  if (answer.cells.length === 0 || answer.times.length === 0) return { cells: [], marks: [] }
  let low = Number.POSITIVE_INFINITY
  let high = 0
  let most = 0
  for (const [, bound, weight] of answer.cells) {
    low = Math.min(low, bound)
    high = Math.max(high, bound)
    most = Math.max(most, weight)
  }
  const width = box.width / answer.times.length
  const height = box.height / (high - low + 1)
  const top = (bound: number): number => box.height - (bound - low + 1) * height
  const cells = answer.cells.map(([time, bound, weight]) => ({
    x: time * width,
    y: top(bound),
    width,
    height,
    weight,
    level:
      most <= 1 ? 3 : 1 + Math.min(4, Math.floor((Math.log(Math.max(1, weight)) / Math.log(most)) * 4.999)),
  }))
  const every = Math.max(1, Math.ceil(22 / height))
  const marks: { bound: number; y: number }[] = []
  for (let at = low; at <= high; at += every)
    marks.push({ bound: answer.bounds[at] ?? 0, y: top(at) + height })
  return { cells, marks }
}
