import type { ArrayColumn } from '../../encode/array-columns.ts'
import type { Float64Column, Uint64Column } from '../../encode/fixed-columns.ts'
import type { MetricPointsTable } from '../../encode/tables/metric-points.ts'
import type { MetricPoint, NumberList, WordPairList } from './metric-point.ts'

/** Appends everything of a point but its tenant, metric, series, arrival and exemplars. */
export function appendPoint(point: MetricPoint, points: MetricPointsTable): void {
  points.time.push(point.timeLow, point.timeHigh)
  points.startTime.push(point.startLow, point.startHigh)
  points.flags.push(point.flags)
  points.valueType.push(point.valueType)
  points.value.push(point.value)
  points.valueInt.push(point.intLow, point.intHigh)
  points.count.push(point.countLow, point.countHigh)
  points.sum.push(point.sum)
  points.statsPresent.push(point.stats)
  points.min.push(point.min)
  points.max.push(point.max)
  appendNumbers(point.bounds, points.bounds)
  appendPairs(point.bucketCounts, points.bucketCounts)
  points.scale.push(point.scale)
  points.zeroCount.push(point.zeroLow, point.zeroHigh)
  points.zeroThreshold.push(point.zeroThreshold)
  points.positiveOffset.push(point.positiveOffset)
  appendPairs(point.positiveCounts, points.positiveCounts)
  points.negativeOffset.push(point.negativeOffset)
  appendPairs(point.negativeCounts, points.negativeCounts)
  appendNumbers(point.quantiles, points.quantiles)
  appendNumbers(point.quantileValues, points.quantileValues)
}

function appendNumbers(list: NumberList, column: ArrayColumn<Float64Column>): void {
  for (let i = 0; i < list.length; i++) column.items.push(list.values[i] as number)
  column.endRow()
}

function appendPairs(list: WordPairList, column: ArrayColumn<Uint64Column>): void {
  for (let i = 0; i < list.length; i++) {
    column.items.push(list.words[2 * i] as number, list.words[2 * i + 1] as number)
  }
  column.endRow()
}
