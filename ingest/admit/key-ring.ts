import { createHash } from 'node:crypto'
import { type Clock, OrielError } from '@oriel/core'

export interface VerifiedKey {
  readonly tenant: string
  readonly scopes: readonly string[]
  readonly keyId: string
}

/** Looks an API key up; undefined for one that is unknown or revoked. */
export interface KeyVerifier {
  verify(secret: string): Promise<VerifiedKey | undefined>
}

export interface KeyRingOptions {
  /** Absent only in a standalone process on loopback that has no keys at all. */
  readonly verifier: KeyVerifier | undefined
  /** Whether a request without a key is refused instead of belonging to the default tenant. */
  readonly required: boolean
  readonly cacheMs: number
  readonly clock: Clock
}

/** The tenant of whoever sends without a key, where that is allowed. */
export const defaultTenant = 'default'

const cachedMax = 1024

/** Authorization header → tenant. Verified keys are remembered briefly, by hash; so are wrong ones, which costs a guesser his speed-up. */
export class KeyRing {
  readonly #options: KeyRingOptions
  readonly #cache = new Map<
    string,
    { readonly untilMs: number; readonly key: Promise<VerifiedKey | undefined> }
  >()

  constructor(options: KeyRingOptions) {
    this.#options = options
  }

  /** Throws unauthenticated or permission_denied. */
  async tenantOf(authorization: string | undefined): Promise<string> {
    const { verifier, required } = this.#options
    if (verifier === undefined && !required) return defaultTenant
    const secret = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
    if (secret === undefined) {
      if (authorization === undefined && !required) return defaultTenant
      throw new OrielError('unauthenticated', 'no API key: send the header "authorization: Bearer <key>"')
    }
    const key = verifier === undefined ? undefined : await this.#verified(secret, verifier)
    if (key === undefined) throw new OrielError('unauthenticated', 'the API key is unknown or revoked')
    if (!key.scopes.includes('ingest')) {
      throw new OrielError('permission_denied', `the API key ${key.keyId} lacks the scope "ingest"`)
    }
    return key.tenant
  }

  #verified(secret: string, verifier: KeyVerifier): Promise<VerifiedKey | undefined> {
    const { clock, cacheMs } = this.#options
    const nowMs = clock.monotonicMs()
    const hash = createHash('sha256').update(secret).digest('base64')
    const cached = this.#cache.get(hash)
    if (cached !== undefined && cached.untilMs > nowMs) return cached.key
    this.#cache.delete(hash)
    const key = verifier.verify(secret)
    this.#cache.set(hash, { untilMs: nowMs + cacheMs, key })
    // an outage of the state store must not be remembered as an answer
    key.catch(() => this.#cache.delete(hash))
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= cachedMax) break
      this.#cache.delete(oldest)
    }
    return key
  }
}
