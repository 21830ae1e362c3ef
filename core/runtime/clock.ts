/** Time is passed in, never read from a global, so that tests move it by hand. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number
  /** Monotonic, milliseconds, only for differences. */
  monotonicMs(): number
  /** Resolves after the delay, or rejects with the signal's reason. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** Runs the function after the delay; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}
