import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@oriel/core'
import type { Access } from './access.ts'

const sessionsMax = 10_000

/** Browser sessions, kept in memory: a restart ends them. Only a digest of the cookie is held. */
export class Sessions {
  readonly #clock: Clock
  readonly #ttlMs: number
  readonly #open = new Map<string, { readonly access: Access; readonly endsAtMs: number }>()

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock
    this.#ttlMs = ttlMs
  }

  /** The cookie's value. Beyond 10,000 sessions the oldest ends. */
  create(access: Access): string {
    const secret = randomBytes(32).toString('base64url')
    if (this.#open.size >= sessionsMax) {
      const [oldest] = this.#open.keys()
      if (oldest !== undefined) this.#open.delete(oldest)
    }
    this.#open.set(digest(secret), { access, endsAtMs: this.#clock.nowMs() + this.#ttlMs })
    return secret
  }

  find(secret: string): Access | undefined {
    const session = this.#open.get(digest(secret))
    if (session === undefined) return undefined
    if (session.endsAtMs > this.#clock.nowMs()) return session.access
    this.#open.delete(digest(secret))
    return undefined
  }

  end(secret: string): void {
    this.#open.delete(digest(secret))
  }
}

const digest = (secret: string) => createHash('sha256').update(secret).digest('base64url')
