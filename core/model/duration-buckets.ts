/**
 * Log buckets for durations: sixteen per doubling, so a quantile read from them is at most 2.2 % off.
 * Bucket b holds durations in [2^(b/16), 2^((b+1)/16)) nanoseconds; 0 and 1 ns share bucket 0.
 * The SQL twin is `toInt16(floor(log2(greatest(duration_ns, 1)) * 16))`.
 */
export const bucketsPerDoubling = 16

export function durationBucket(durationNs: number): number {
  return durationNs <= 1 ? 0 : Math.floor(Math.log2(durationNs) * bucketsPerDoubling)
}

/** The geometric middle of a bucket, in nanoseconds. */
export function bucketMiddleNs(bucket: number): number {
  return 2 ** ((bucket + 0.5) / bucketsPerDoubling)
}
