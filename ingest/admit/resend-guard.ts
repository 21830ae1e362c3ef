import type { Clock, RequestReceipt } from '@oriel/core'
import type { DecodeOutcome } from '../decode/decode-pool.ts'

export interface ResendGuardOptions {
  readonly clock: Clock
  readonly windowMs: number
  readonly entriesMax: number
}

export interface GuardedOutcome {
  readonly outcome: DecodeOutcome
  /** True when this request was not stored because an identical one was, or is being. */
  readonly resent: boolean
}

interface Remembered {
  readonly outcome: DecodeOutcome
  readonly durableAtMs: number
}

/**
 * Stores a request once although it is sent twice. A digest in flight shares the pending outcome, also a failure;
 * one durable within the window is answered with the same outcome. A failed request is forgotten: its resend is tried anew.
 */
export class ResendGuard {
  readonly #options: ResendGuardOptions
  readonly #pending = new Map<string, Promise<DecodeOutcome>>()
  /** In order of durability, so the first is the oldest. */
  readonly #durable = new Map<string, Remembered>()
  #overflowed = 0

  constructor(options: ResendGuardOptions) {
    this.#options = options
  }

  /** Digests forgotten before their window ended. */
  get overflowed(): number {
    return this.#overflowed
  }

  get remembered(): number {
    return this.#durable.size
  }

  /** From before a restart; receipts outside the window are skipped. */
  remember(receipts: Iterable<RequestReceipt>): void {
    const inOrder = [...receipts].sort((a, b) => a.receivedAtMs - b.receivedAtMs)
    for (const { digest, receivedAtMs, accepted, rejected, message } of inOrder) {
      this.#keep(digest, { outcome: { accepted, rejected, message }, durableAtMs: receivedAtMs })
    }
  }

  async run(digest: string, store: () => Promise<DecodeOutcome>): Promise<GuardedOutcome> {
    const known = this.#find(digest)
    if (known !== undefined) return { outcome: known, resent: true }
    const shared = this.#pending.get(digest)
    if (shared !== undefined) return { outcome: await shared, resent: true }
    const storing = store()
    this.#pending.set(digest, storing)
    try {
      const outcome = await storing
      this.#keep(digest, { outcome, durableAtMs: this.#options.clock.nowMs() })
      return { outcome, resent: false }
    } finally {
      this.#pending.delete(digest)
    }
  }

  #find(digest: string): DecodeOutcome | undefined {
    this.#forgetOld()
    return this.#durable.get(digest)?.outcome
  }

  #keep(digest: string, entry: Remembered): void {
    this.#durable.delete(digest)
    this.#durable.set(digest, entry)
    this.#forgetOld()
    for (const oldest of this.#durable.keys()) {
      if (this.#durable.size <= this.#options.entriesMax) break
      this.#durable.delete(oldest)
      this.#overflowed += 1
    }
  }

  #forgetOld(): void {
    const oldestMs = this.#options.clock.nowMs() - this.#options.windowMs
    for (const [digest, { durableAtMs }] of this.#durable) {
      if (durableAtMs > oldestMs) break
      this.#durable.delete(digest)
    }
  }
}
