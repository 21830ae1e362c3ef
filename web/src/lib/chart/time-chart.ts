import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatAxis, type Zone } from '../format/instant.ts'
import { isolatedAt } from './isolated.ts'

/** One line or column of a chart. `color` is a resolved colour. */
export interface ChartSeries {
  readonly label: string
  readonly color: string
  readonly values: readonly (number | null)[]
  readonly bars?: boolean
}

export interface ChartInput {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly series: readonly ChartSeries[]
  readonly zone: Zone
  readonly colors: { readonly text: string; readonly line: string }
  readonly format: (value: number) => string
  readonly onzoom?: (fromMs: number, toMs: number) => void
  readonly onhover?: (index: number | undefined) => void
}

/** The cursor of every chart on a page follows the others. */
const sync = uPlot.sync('oriel')

/** The only place that knows uPlot. A chart is drawn anew for new input: that costs a few milliseconds. */
export function drawTimeChart(place: HTMLElement, input: ChartInput): { destroy: () => void } {
  const chart = new uPlot(options(place, input), data(input), place)
  const observer = new ResizeObserver(() => {
    if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height: place.clientHeight })
  })
  observer.observe(place)
  return {
    destroy: () => {
      observer.disconnect()
      chart.destroy()
    },
  }
}

function data(input: ChartInput): uPlot.AlignedData {
  return [input.times.map((ms) => ms / 1000), ...input.series.map((series) => [...series.values])]
}

function options(place: HTMLElement, input: ChartInput): uPlot.Options {
  const axis = {
    stroke: input.colors.text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: input.colors.line, width: 1 },
    ticks: { show: false },
  }
  return {
    width: place.clientWidth || 600,
    height: place.clientHeight || 140,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: sync.key },
    },
    scales: {
      x: { time: true, range: () => [input.fromMs / 1000, input.toMs / 1000] },
      y: { range: (_chart, min, max) => [min < 0 ? min * 1.08 : 0, max > 0 ? max * 1.08 : min < 0 ? 0 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        values: (...[, splits, , , incr]) => splits.map((s) => formatAxis(s * 1000, incr * 1000, input.zone)),
      },
      {
        ...axis,
        size: 62,
        values: (_chart, splits) => splits.map((value) => (value === 0 ? '0' : input.format(value))),
      },
    ],
    series: [{}, ...input.series.map((series) => lineOptions(series))],
    hooks: {
      setSelect: [(chart) => select(chart, input)],
      setCursor: [(chart) => input.onhover?.(chart.cursor.idx ?? undefined)],
    },
  }
}

function lineOptions(series: ChartSeries): uPlot.Series {
  const common = {
    label: series.label,
    stroke: series.color,
    width: 1.5,
    spanGaps: false,
    // A value between two gaps has no line: it is drawn as a dot.
    points: { show: true, size: 5, fill: series.color, filter: () => [...isolatedAt(series.values)] },
  }
  if (!series.bars || !uPlot.paths.bars) return common
  return {
    ...common,
    points: { show: false },
    width: 0,
    fill: series.color,
    paths: uPlot.paths.bars({ size: [0.82, 60], align: 1 }),
  }
}

function select(chart: uPlot, input: ChartInput): void {
  const { left, width } = chart.select
  if (width < 4) return
  const at = (x: number): number => chart.posToVal(x, 'x') * 1000
  input.onzoom?.(at(left), at(left + width))
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}
