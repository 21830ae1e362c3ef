import { createHash } from 'node:crypto'
import { type Clock, OrielError } from '@oriel/core'
import type { IngestSettings } from '../config.ts'
import type { DecodePool, DecodeRequest, IngestSignal } from '../decode/decode-pool.ts'
import type { KeyRing } from './key-ring.ts'
import type { Ledger } from './ledger.ts'
import { MemoryBudget, type Reservation } from './memory-budget.ts'
import type { GuardedOutcome, ResendGuard } from './resend-guard.ts'
import { TenantRate } from './tenant-rate.ts'

export interface AdmissionOptions {
  readonly settings: Pick<
    IngestSettings,
    'memoryBudgetBytes' | 'gzipExpansion' | 'bodyBytesMax' | 'tenantBytesPerSecondMax'
  >
  readonly clock: Clock
  readonly keys: KeyRing
  readonly guard: ResendGuard
  readonly ledger: Ledger
  readonly pool: DecodePool
}

/** A whole request, as either transport hands it over. */
export interface IncomingRequest extends Omit<DecodeRequest, 'digest' | 'receivedAtMs'> {
  /** Path or full method name: part of what makes two requests the same. */
  readonly path: string
  readonly mediaType: string
}

export interface Refusal {
  readonly tenant: string
  readonly signal: IngestSignal
  readonly error: unknown
  readonly bytes: number
}

/** What stands between the transports and decoding: whose it is, whether there is room, whether it was here before. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #budget: MemoryBudget
  readonly #rate: TenantRate
  #closed = false

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#budget = new MemoryBudget(options.settings.memoryBudgetBytes)
    this.#rate = new TenantRate(options.settings.tenantBytesPerSecondMax, options.clock)
  }

  get budget(): MemoryBudget {
    return this.#budget
  }

  get closed(): boolean {
    return this.#closed
  }

  /** From now on new requests are refused with shutting_down; admitted ones go on. */
  close(): void {
    this.#closed = true
  }

  /** Throws unauthenticated, permission_denied or rate_limited. */
  async tenantOf(authorization: string | undefined): Promise<string> {
    const tenant = await this.#options.keys.tenantOf(authorization)
    this.#rate.check(tenant)
    return tenant
  }

  /** Throws shutting_down or overloaded. A gzip body counts with what it may become, at most one body's limit. */
  reserve(wireBytes: number, compression: DecodeRequest['compression']): Reservation {
    if (this.#closed) {
      throw new OrielError('shutting_down', 'the process is stopping', { retryable: true })
    }
    return this.#budget.reserve(this.#weighed(wireBytes, compression))
  }

  /** For a body whose length was not announced. Throws overloaded. */
  growReservation(
    reservation: Reservation,
    wireBytes: number,
    compression: DecodeRequest['compression'],
  ): void {
    reservation.grow(this.#weighed(wireBytes, compression))
  }

  #weighed(wireBytes: number, compression: DecodeRequest['compression']): number {
    const { gzipExpansion, bodyBytesMax } = this.#options.settings
    if (compression === 'none') return wireBytes
    return Math.max(wireBytes, Math.min(wireBytes * gzipExpansion, bodyBytesMax))
  }

  /** Resolves when the request is durable, whether now or by its earlier copy. Rejects with what the pool says. */
  async submit(request: IncomingRequest): Promise<GuardedOutcome> {
    const { clock, guard, ledger, pool } = this.#options
    const { path, mediaType, ...rest } = request
    const { tenant, signal, compression, body } = request
    const bytes = body.byteLength
    this.#rate.charge(tenant, bytes)
    const digest = createHash('sha256')
      .update(JSON.stringify([tenant, path, mediaType, compression]))
      .update(body)
      .digest('hex')
    const decode = () => pool.decode({ ...rest, digest, receivedAtMs: clock.nowMs() })
    const guarded = await guard.run(digest, decode)
    if (guarded.resent) {
      const items = guarded.outcome.accepted + guarded.outcome.rejected
      ledger.record({ tenant, signal, outcome: 'resent', reason: '', items, bytes })
    }
    return guarded
  }

  /** Counts a request that was answered with an error. */
  refused({ tenant, signal, error, bytes }: Refusal): void {
    const reason = error instanceof OrielError ? error.code : 'internal'
    this.#options.ledger.record({ tenant, signal, outcome: 'refused', reason, items: 0, bytes })
  }
}
