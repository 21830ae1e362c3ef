import type { IngestMinuteTable, LedgerRow } from '../encode/tables/ingest-minute.ts'
import type { DecodeOutcome, DecodeRequest, IngestSignal } from './decode-pool.ts'

const signalOf = {
  traces: 'span',
  logs: 'log',
  metrics: 'metric',
  events: 'event',
} as const satisfies Record<IngestSignal, LedgerRow['signal']>

export type LedgerRequest = Pick<DecodeRequest, 'tenant' | 'signal' | 'receivedAtMs'> & {
  readonly bytes: number
}

/** Sums what happened to the requests of one group, for ingest_minute. */
export class DecodeLedger {
  readonly #rows = new Map<string, LedgerRow>()

  get size(): number {
    return this.#rows.size
  }

  decoded(request: LedgerRequest, outcome: DecodeOutcome): void {
    const { accepted, rejected } = outcome
    this.#add(request, {
      outcome: 'accepted',
      reason: '',
      requests: 1,
      items: accepted,
      bytes: request.bytes,
    })
    if (rejected > 0) {
      this.#add(request, {
        outcome: 'rejected',
        reason: 'invalid_argument',
        requests: 0,
        items: rejected,
        bytes: 0,
      })
    }
  }

  /** A request refused whole; how many items it held is not known. */
  refused(request: LedgerRequest, reason: string): void {
    this.#add(request, { outcome: 'refused', reason, requests: 1, items: 0, bytes: request.bytes })
  }

  #add(request: LedgerRequest, part: Omit<LedgerRow, 'tenant' | 'minute' | 'signal'>): void {
    const minute = Math.floor(request.receivedAtMs / 60_000) * 60
    const signal = signalOf[request.signal]
    const key = `${minute}:${signal}:${part.outcome}:${part.reason}:${request.tenant}`
    const before = this.#rows.get(key)
    this.#rows.set(key, {
      tenant: request.tenant,
      minute,
      signal,
      outcome: part.outcome,
      reason: part.reason,
      requests: part.requests + (before?.requests ?? 0),
      items: part.items + (before?.items ?? 0),
      bytes: part.bytes + (before?.bytes ?? 0),
    })
  }

  write(table: IngestMinuteTable): void {
    for (const row of this.#rows.values()) table.append(row)
    this.#rows.clear()
  }
}
