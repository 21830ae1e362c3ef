import type { Clock } from '../runtime/clock.ts'

interface Timer {
  readonly dueMs: number
  readonly sequence: number
  readonly run: () => void
}

/** Time that stands still until a test moves it. Timers due at the same instant run in the order they were set. */
export class ManualClock implements Clock {
  #elapsedMs = 0
  #sequence = 0
  readonly #startMs: number
  readonly #timers = new Set<Timer>()

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#startMs = startMs
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs
  }

  monotonicMs(): number {
    return this.#elapsedMs
  }

  /** How many timers and sleeps are waiting. */
  get pending(): number {
    return this.#timers.size
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const onAbort = () => {
        cancel()
        reject(signal?.reason)
      }
      const cancel = this.after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  after(delayMs: number, run: () => void): () => void {
    this.#sequence += 1
    const timer = { dueMs: this.#elapsedMs + Math.max(0, delayMs), sequence: this.#sequence, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Moves time on, running what falls due in order; promises settle between timers, so chains of sleeps work. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + byMs
    await settle()
    for (let next = this.#nextDue(untilMs); next !== undefined; next = this.#nextDue(untilMs)) {
      this.#timers.delete(next)
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs)
      next.run()
      await settle()
    }
    this.#elapsedMs = untilMs
  }

  #nextDue(untilMs: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue
      const earlier = first === undefined || timer.dueMs < first.dueMs
      if (earlier || (first?.dueMs === timer.dueMs && timer.sequence < first.sequence)) first = timer
    }
    return first
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
