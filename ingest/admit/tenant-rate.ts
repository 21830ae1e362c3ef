import { type Clock, formatBytes, OrielError } from '@oriel/core'

interface Bucket {
  /** Below zero: more was taken than there was, and is paid back before the next request. */
  bytes: number
  atMs: number
}

/** A tenant may save up this much of its rate for a burst. */
const burstSeconds = 10

/**
 * Bytes per second of each tenant, as they came over the wire. A request is let in while anything is left and charged when its
 * size is known, so a body larger than the burst is delayed, never refused for ever. Tenants come from keys: their number is bounded.
 */
export class TenantRate {
  readonly #bytesPerSecond: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  /** 0 sets no limit. */
  constructor(bytesPerSecond: number, clock: Clock) {
    this.#bytesPerSecond = bytesPerSecond
    this.#clock = clock
  }

  /** Throws rate_limited, with the time to wait, while the tenant owes. */
  check(tenant: string): void {
    if (this.#bytesPerSecond === 0) return
    const { bytes } = this.#filled(tenant)
    if (bytes > 0) return
    const limit = `${formatBytes(this.#bytesPerSecond)} per second (ingest.tenantBytesPerSecondMax)`
    throw new OrielError('rate_limited', `tenant "${tenant}" exceeds ${limit}`, {
      retryable: true,
      details: { retryAfterMs: Math.ceil((-bytes / this.#bytesPerSecond) * 1000) + 1 },
    })
  }

  charge(tenant: string, bytes: number): void {
    if (this.#bytesPerSecond > 0) this.#filled(tenant).bytes -= bytes
  }

  #filled(tenant: string): Bucket {
    const nowMs = this.#clock.monotonicMs()
    const bytesMax = this.#bytesPerSecond * burstSeconds
    const bucket = this.#buckets.get(tenant) ?? { bytes: bytesMax, atMs: nowMs }
    bucket.bytes = Math.min(bytesMax, bucket.bytes + ((nowMs - bucket.atMs) / 1000) * this.#bytesPerSecond)
    bucket.atMs = nowMs
    this.#buckets.set(tenant, bucket)
    return bucket
  }
}
