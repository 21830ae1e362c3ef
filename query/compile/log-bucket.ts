import { bucketsPerDoubling } from '@oriel/core'

/**
 * Log buckets for any number, sixteen per doubling like those of durations, so a percentile is at most 2.2 % off.
 * No weighted quantile of ClickHouse takes a Float64 weight: the weight per bucket is summed and the percentile read
 * from the sums. Key 0 is zero; positive values lie at `offset + bucket`, negative ones mirrored; `absentBucket` is no value.
 */
const offset = 40_000
export const absentBucket = -2_147_483_648

/** SQL of the key, Int32, for a Float64 expression. */
export function logBucketSql(value: string): string {
  const size = `toInt32(floor(log2(abs(${value})) * ${bucketsPerDoubling}))`
  return `multiIf(${value} > 0, ${offset} + ${size}, ${value} < 0, -(${offset} + ${size}), 0)`
}

/** The geometric middle of the bucket. */
export function logBucketMiddle(key: number): number {
  if (key === 0) return 0
  const size = 2 ** ((Math.abs(key) - offset + 0.5) / bucketsPerDoubling)
  return key > 0 ? size : -size
}

/** Keys ascending with their weight: the key holding the p-th part (0..1) of the weight, or undefined when there is none. */
export function percentileKey(buckets: ReadonlyMap<number, number>, p: number): number | undefined {
  const sorted = [...buckets].filter(([, weight]) => weight > 0).sort((a, b) => a[0] - b[0])
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0)
  let seen = 0
  for (const [key, weight] of sorted) {
    seen += weight
    if (seen >= p * total - 1e-9 * total) return key
  }
  return undefined
}
