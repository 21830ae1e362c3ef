import { type MetricType, temporalities } from '@oriel/core'
import type { DecodeLimits } from '../decode-context.ts'
import { type MetricPoint, type NumberList, valueTypes } from './metric-point.ts'

export type PointRejection =
  | 'no value and no no-recorded-value flag'
  | 'unspecified aggregation temporality'
  | 'bucket counts are not one more than the bounds'
  | 'bucket bounds do not increase'
  | 'more attributes than decode.attributesMax, or a key longer than decode.valueBytesMax'
  | 'the name or unit of the metric is longer than decode.valueBytesMax'
  | 'time is older than the retention'
  | 'time is too far in the future'

export interface PointTerms {
  readonly type: MetricType
  readonly temporality: number
  readonly receivedAtMs: number
  readonly limits: DecodeLimits
}

/** Why a point cannot be stored so that it could be read back; undefined when it can. */
export function rejectPoint(point: MetricPoint, terms: PointTerms): PointRejection | undefined {
  const { type, temporality, receivedAtMs, limits } = terms
  if (type !== 'gauge' && type !== 'summary' && !isSpecified(temporality))
    return 'unspecified aggregation temporality'
  if (point.hasRecordedValue) {
    const isNumber = type === 'gauge' || type === 'sum'
    if (isNumber && point.valueType === valueTypes.none) return 'no value and no no-recorded-value flag'
    if (type === 'histogram') {
      const { bounds, bucketCounts } = point
      const bare = bounds.length === 0 && bucketCounts.length === 0
      if (!bare && bucketCounts.length !== bounds.length + 1)
        return 'bucket counts are not one more than the bounds'
      if (!increases(bounds)) return 'bucket bounds do not increase'
    }
  }
  if (point.timeMs < receivedAtMs - limits.metricsRetentionMs) return 'time is older than the retention'
  if (point.timeMs > receivedAtMs + limits.futureMs) return 'time is too far in the future'
  return undefined
}

function isSpecified(temporality: number): boolean {
  return temporality === temporalities.delta || temporality === temporalities.cumulative
}

/** NaN compares false with everything, so it does not increase either. */
function increases(bounds: NumberList): boolean {
  for (let i = 1; i < bounds.length; i++) {
    if (!((bounds.values[i - 1] as number) < (bounds.values[i] as number))) return false
  }
  return bounds.length !== 1 || !Number.isNaN(bounds.values[0])
}
