/** Weight between two values; the open ends are infinite. */
export interface HistogramBucket {
  readonly low: number
  readonly high: number
  readonly count: number
}

/** Explicit bounds: n bounds make n + 1 buckets, the outer two open. */
export function explicitBuckets(bounds: readonly number[], counts: readonly number[]): HistogramBucket[] {
  return counts.map((count, index) => ({
    low: bounds[index - 1] ?? Number.NEGATIVE_INFINITY,
    high: bounds[index] ?? Number.POSITIVE_INFINITY,
    count,
  }))
}

export interface ExponentialCounts {
  readonly scale: number
  readonly zero: number
  readonly positive: ReadonlyMap<number, number>
  readonly negative: ReadonlyMap<number, number>
}

/** Bucket i of scale s holds (2^(i·2^-s), 2^((i+1)·2^-s)]. */
export function exponentialBuckets(counts: ExponentialCounts): HistogramBucket[] {
  const bound = (index: number) => 2 ** (index * 2 ** -counts.scale)
  const negative = [...counts.negative].map(([index, count]) => ({
    low: -bound(index + 1),
    high: -bound(index),
    count,
  }))
  const positive = [...counts.positive].map(([index, count]) => ({
    low: bound(index),
    high: bound(index + 1),
    count,
  }))
  return [...negative, { low: 0, high: 0, count: counts.zero }, ...positive].filter(
    (bucket) => bucket.count > 0,
  )
}

/** Two scales meet at the smaller: every step down joins pairs of buckets, exactly. */
export function downscale(counts: ExponentialCounts, scale: number): ExponentialCounts {
  if (scale >= counts.scale) return counts
  const shift = 2 ** (counts.scale - scale)
  const join = (buckets: ReadonlyMap<number, number>) => {
    const joined = new Map<number, number>()
    for (const [index, count] of buckets) {
      const target = Math.floor(index / shift)
      joined.set(target, (joined.get(target) ?? 0) + count)
    }
    return joined
  }
  return { scale, zero: counts.zero, positive: join(counts.positive), negative: join(counts.negative) }
}

export function subtractExponential(
  now: ExponentialCounts,
  before: ExponentialCounts,
): ExponentialCounts | undefined {
  const scale = Math.min(now.scale, before.scale)
  const [late, early] = [downscale(now, scale), downscale(before, scale)]
  const minus = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>) => {
    const keys = new Set([...a.keys(), ...b.keys()])
    return new Map([...keys].map((key) => [key, (a.get(key) ?? 0) - (b.get(key) ?? 0)]))
  }
  const positive = minus(late.positive, early.positive)
  const negative = minus(late.negative, early.negative)
  const zero = late.zero - early.zero
  if (zero < 0 || [...positive.values(), ...negative.values()].some((count) => count < 0)) return undefined
  return { scale, zero, positive, negative }
}

/**
 * The p-th part (0..1), by linear interpolation inside the bucket that holds it. An open end answers with its finite
 * bound: the value is at least (or at most) that. Buckets of different series may overlap; each is spread evenly.
 */
export function histogramPercentile(buckets: readonly HistogramBucket[], p: number): number | null {
  const filled = buckets.filter((bucket) => bucket.count > 0)
  const total = filled.reduce((sum, bucket) => sum + bucket.count, 0)
  if (total === 0) return null
  const edges = [...new Set(filled.flatMap((bucket) => [bucket.low, bucket.high]))].sort((a, b) => a - b)
  const finite = edges.filter(Number.isFinite)
  const wanted = p * total
  let low = finite[0] ?? null
  let lowCount = 0
  for (const edge of finite) {
    const count = filled.reduce((sum, bucket) => sum + countBelow(bucket, edge), 0)
    if (count >= wanted) {
      if (low === null || edge === low || count === lowCount) return edge
      return low + ((edge - low) * (wanted - lowCount)) / (count - lowCount)
    }
    low = edge
    lowCount = count
  }
  return finite.at(-1) ?? null
}

function countBelow(bucket: HistogramBucket, edge: number): number {
  if (edge >= bucket.high) return bucket.count
  if (edge <= bucket.low || !Number.isFinite(bucket.low) || !Number.isFinite(bucket.high)) return 0
  return (bucket.count * (edge - bucket.low)) / (bucket.high - bucket.low)
}
