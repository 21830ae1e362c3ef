import type { Clock } from '@oriel/core'

export type BreakerState = 'closed' | 'open' | 'half_open'

export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failuresMax: number
  /** How long it stays open before one try is let through. */
  readonly openMs: number
}

/** Keeps a store that is down from being asked again and again. */
export class CircuitBreaker {
  readonly #clock: Clock
  readonly #limits: BreakerLimits
  #failures = 0
  #openUntilMs = 0

  constructor(clock: Clock, limits: BreakerLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  get state(): BreakerState {
    if (this.#failures < this.#limits.failuresMax) return 'closed'
    return this.waitMs > 0 ? 'open' : 'half_open'
  }

  /** How long until the next try may be made; 0: now. */
  get waitMs(): number {
    if (this.#failures < this.#limits.failuresMax) return 0
    return Math.max(0, this.#openUntilMs - this.#clock.monotonicMs())
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures >= this.#limits.failuresMax)
      this.#openUntilMs = this.#clock.monotonicMs() + this.#limits.openMs
  }
}
