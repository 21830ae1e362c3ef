import type { Clock } from './clock.ts'
import { OrielError } from './error.ts'
import type { Random } from './random.ts'

export interface RetryPolicy {
  /** Tries in all, the first included; Infinity keeps trying until the signal aborts. */
  readonly attemptsMax: number
  /** Upper bound of the first wait; it doubles with each try. */
  readonly baseDelayMs: number
  readonly delayMaxMs: number
}

export interface RetryOptions {
  readonly policy: RetryPolicy
  readonly clock: Clock
  readonly random: Random
  readonly signal?: AbortSignal
  /** Default: only an OrielError marked retryable. */
  readonly isRetryable?: (error: unknown) => boolean
  readonly onRetry?: (retry: {
    readonly error: unknown
    readonly attempt: number
    readonly delayMs: number
  }) => void
}

export const isRetryableError = (error: unknown): boolean => error instanceof OrielError && error.retryable

/** Full jitter: uniform in [0, min(delayMaxMs, baseDelayMs · 2^(attempt-1))), attempt from 1. */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: Random): number {
  return random.next() * Math.min(policy.delayMaxMs, policy.baseDelayMs * 2 ** (attempt - 1))
}

/** Runs until it succeeds; rejects with the last error, or with the signal's reason. Retries live at one level only. */
export async function retry<T>(run: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, clock, random, signal, isRetryable = isRetryableError } = options
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted()
    try {
      return await run(attempt)
    } catch (error) {
      if (attempt >= policy.attemptsMax || !isRetryable(error)) throw error
      const delayMs = retryDelayMs(policy, attempt, random)
      options.onRetry?.({ error, attempt, delayMs })
      await clock.sleep(delayMs, signal)
    }
  }
}
