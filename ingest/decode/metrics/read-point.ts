/** Field numbers of opentelemetry-proto 1.11.0, metrics.proto. */
import type { MetricType } from '@oriel/core'
import type { Ranges } from '../wire/ranges.ts'
import { type FieldCursor, wireTypes } from './field-cursor.ts'
import {
  type MetricPoint,
  type NumberList,
  statsPresent,
  valueTypes,
  type WordPairList,
} from './metric-point.ts'

type PointReader = (cursor: FieldCursor, point: MetricPoint) => void

/** Reads one data point message into `point`, which the caller has reset. Unknown fields and wrong wire types are skipped. */
export const pointReaders: Readonly<Record<MetricType, PointReader>> = {
  gauge: readNumberPoint,
  sum: readNumberPoint,
  histogram: readHistogramPoint,
  exponential_histogram: readExponentialPoint,
  summary: readSummaryPoint,
}

function isDouble(cursor: FieldCursor): boolean {
  return cursor.wireType === wireTypes.fixed64
}

function readTimes(cursor: FieldCursor, point: MetricPoint): void {
  if (cursor.wireType !== wireTypes.fixed64) return
  if (cursor.field === 2) {
    point.startLow = cursor.low
    point.startHigh = cursor.high
  } else {
    point.timeLow = cursor.low
    point.timeHigh = cursor.high
  }
}

function keepRange(cursor: FieldCursor, ranges: Ranges): void {
  if (cursor.wireType === wireTypes.bytes) ranges.add(cursor.start, cursor.stop)
}

function keepFlags(cursor: FieldCursor, point: MetricPoint): void {
  if (cursor.wireType === wireTypes.varint) point.flags = cursor.low
}

function keepCount(cursor: FieldCursor, point: MetricPoint): void {
  if (cursor.wireType !== wireTypes.fixed64) return
  point.countLow = cursor.low
  point.countHigh = cursor.high
}

function keepStat(cursor: FieldCursor, point: MetricPoint, stat: keyof typeof statsPresent): void {
  if (!isDouble(cursor)) return
  point[stat] = cursor.double()
  point.stats |= statsPresent[stat]
}

function readNumberPoint(cursor: FieldCursor, point: MetricPoint): void {
  while (cursor.next()) {
    const field = cursor.field
    if (field === 2 || field === 3) readTimes(cursor, point)
    else if (field === 4 && isDouble(cursor)) {
      point.valueType = valueTypes.double
      point.value = cursor.double()
      point.intLow = point.intHigh = 0
    } else if (field === 6 && isDouble(cursor)) {
      point.valueType = valueTypes.int
      point.value = (cursor.high | 0) * 4294967296 + cursor.low
      point.intLow = cursor.low
      point.intHigh = cursor.high
    } else if (field === 5) keepRange(cursor, point.exemplars)
    else if (field === 7) keepRange(cursor, point.attributes)
    else if (field === 8) keepFlags(cursor, point)
  }
}

function readHistogramPoint(cursor: FieldCursor, point: MetricPoint): void {
  while (cursor.next()) {
    const field = cursor.field
    if (field === 2 || field === 3) readTimes(cursor, point)
    else if (field === 4) keepCount(cursor, point)
    else if (field === 5) keepStat(cursor, point, 'sum')
    else if (field === 6) readFixedNumbers(cursor, point.bucketCounts)
    else if (field === 7) readDoubles(cursor, point.bounds)
    else if (field === 8) keepRange(cursor, point.exemplars)
    else if (field === 9) keepRange(cursor, point.attributes)
    else if (field === 10) keepFlags(cursor, point)
    else if (field === 11) keepStat(cursor, point, 'min')
    else if (field === 12) keepStat(cursor, point, 'max')
  }
}

function readExponentialPoint(cursor: FieldCursor, point: MetricPoint): void {
  while (cursor.next()) {
    const field = cursor.field
    if (field === 1) keepRange(cursor, point.attributes)
    else if (field === 2 || field === 3) readTimes(cursor, point)
    else if (field === 4) keepCount(cursor, point)
    else if (field === 5) keepStat(cursor, point, 'sum')
    else if (field === 8 || field === 9) readBuckets(cursor, point)
    else if (field === 10) keepFlags(cursor, point)
    else if (field === 11) keepRange(cursor, point.exemplars)
    else if (field === 12) keepStat(cursor, point, 'min')
    else if (field === 13) keepStat(cursor, point, 'max')
    else readExponentialShape(cursor, point)
  }
}

function readExponentialShape(cursor: FieldCursor, point: MetricPoint): void {
  if (cursor.field === 6 && cursor.wireType === wireTypes.varint) point.scale = cursor.zigzag()
  else if (cursor.field === 7 && cursor.wireType === wireTypes.fixed64) {
    point.zeroLow = cursor.low
    point.zeroHigh = cursor.high
  } else if (cursor.field === 14 && isDouble(cursor)) point.zeroThreshold = cursor.double()
}

function readBuckets(outer: FieldCursor, point: MetricPoint): void {
  if (outer.wireType !== wireTypes.bytes) return
  const positive = outer.field === 8
  const cursor = outer.inside()
  while (cursor.next()) {
    if (cursor.field === 2) readVarints(cursor, positive ? point.positiveCounts : point.negativeCounts)
    else if (cursor.field === 1 && cursor.wireType === wireTypes.varint) {
      if (positive) point.positiveOffset = cursor.zigzag()
      else point.negativeOffset = cursor.zigzag()
    }
  }
}

function readSummaryPoint(cursor: FieldCursor, point: MetricPoint): void {
  while (cursor.next()) {
    const field = cursor.field
    if (field === 2 || field === 3) readTimes(cursor, point)
    else if (field === 4) keepCount(cursor, point)
    else if (field === 5) keepStat(cursor, point, 'sum')
    else if (field === 6 && cursor.wireType === wireTypes.bytes) readQuantile(cursor.inside(), point)
    else if (field === 7) keepRange(cursor, point.attributes)
    else if (field === 8) keepFlags(cursor, point)
  }
}

function readQuantile(cursor: FieldCursor, point: MetricPoint): void {
  let quantile = 0
  let value = 0
  while (cursor.next()) {
    if (cursor.field === 1 && isDouble(cursor)) quantile = cursor.double()
    else if (cursor.field === 2 && isDouble(cursor)) value = cursor.double()
  }
  point.quantiles.push(quantile)
  point.quantileValues.push(value)
}

/** A packed run or a single value: writers may send either. */
function readFixedNumbers(outer: FieldCursor, list: WordPairList): void {
  if (outer.wireType === wireTypes.fixed64) list.push(outer.low, outer.high)
  else if (outer.wireType === wireTypes.bytes) {
    const cursor = outer.inside()
    while (cursor.remains) {
      cursor.fixed64()
      list.push(cursor.low, cursor.high)
    }
  }
}

function readVarints(outer: FieldCursor, list: WordPairList): void {
  if (outer.wireType === wireTypes.varint) list.push(outer.low, outer.high)
  else if (outer.wireType === wireTypes.bytes) {
    const cursor = outer.inside()
    while (cursor.remains) {
      cursor.varint()
      list.push(cursor.low, cursor.high)
    }
  }
}

function readDoubles(outer: FieldCursor, list: NumberList): void {
  if (outer.wireType === wireTypes.fixed64) list.push(outer.double())
  else if (outer.wireType === wireTypes.bytes) {
    const cursor = outer.inside()
    while (cursor.remains) {
      cursor.fixed64()
      list.push(cursor.double())
    }
  }
}
