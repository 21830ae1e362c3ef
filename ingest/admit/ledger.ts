import type { Clock, Logger } from '@oriel/core'
import type { IngestSignal } from '../decode/decode-pool.ts'

/** One row of ingest_minute. What was accepted or rejected item by item is counted by the decode workers, not here. */
export interface LedgerRow {
  readonly tenant: string
  /** Start of the minute of arrival, milliseconds since the epoch. */
  readonly minuteMs: number
  readonly signal: 'span' | 'log' | 'event' | 'metric'
  readonly outcome: 'resent' | 'refused'
  /** A code of the error catalogue; '' for resent. */
  readonly reason: string
  readonly requests: number
  /** Items are known for resent requests only: a refused one was never decoded. */
  readonly items: number
  readonly bytes: number
}

/** Makes rows durable, or rejects having kept none of them. */
export interface LedgerSink {
  append(rows: readonly LedgerRow[]): Promise<void>
}

export interface LedgerEntry {
  readonly tenant: string
  readonly signal: IngestSignal
  readonly outcome: LedgerRow['outcome']
  readonly reason: string
  readonly items: number
  readonly bytes: number
}

export interface LedgerOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly sink: LedgerSink
  readonly flushIntervalMs: number
}

const signalNames = { traces: 'span', logs: 'log', metrics: 'metric', events: 'event' } as const

/** While the journal refuses the rows they are kept and merged; more keys than this and new ones are dropped and counted. */
const rowsMax = 10_000

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Counts requests that leave no other trace in the store: those refused before decoding and those sent twice. */
export class Ledger {
  readonly #options: LedgerOptions
  #rows = new Map<string, Mutable<LedgerRow>>()
  #cancel: (() => void) | undefined
  #flushing: Promise<void> = Promise.resolve()
  #dropped = 0

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  /** Requests that could not be counted because too many rows were waiting for the journal. */
  get dropped(): number {
    return this.#dropped
  }

  record({ tenant, signal, outcome, reason, items, bytes }: LedgerEntry): void {
    const minuteMs = Math.floor(this.#options.clock.nowMs() / 60_000) * 60_000
    this.#add({ tenant, minuteMs, signal: signalNames[signal], outcome, reason, requests: 1, items, bytes })
  }

  start(): void {
    const { clock, flushIntervalMs } = this.#options
    this.#cancel = clock.after(flushIntervalMs, () => {
      void this.flush().then(() => {
        if (this.#cancel !== undefined) this.start()
      })
    })
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    await this.flush()
  }

  /** Never rejects: rows that could not be stored wait for the next flush. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#flushOnce())
    return this.#flushing
  }

  async #flushOnce(): Promise<void> {
    if (this.#rows.size === 0) return
    const rows = [...this.#rows.values()]
    this.#rows = new Map()
    try {
      await this.#options.sink.append(rows)
    } catch (error) {
      this.#options.logger.warn('the ledger could not be stored and is kept', { error: String(error) })
      for (const row of rows) this.#add(row)
    }
  }

  #add(row: LedgerRow): void {
    const key = [row.tenant, row.minuteMs, row.signal, row.outcome, row.reason].join('\0')
    const known = this.#rows.get(key)
    if (known !== undefined) {
      known.requests += row.requests
      known.items += row.items
      known.bytes += row.bytes
    } else if (this.#rows.size < rowsMax) {
      this.#rows.set(key, { ...row })
    } else {
      this.#dropped += row.requests
    }
  }
}
