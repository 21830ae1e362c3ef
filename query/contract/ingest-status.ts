import type { AnswerMeta } from './answer.ts'

/** GET /ingest/status?from&to : the ledger and what is on its way */
export interface IngestMinute {
  readonly minuteMs: number
  readonly signal: 'span' | 'log' | 'event' | 'metric'
  readonly outcome: 'accepted' | 'rejected' | 'resent' | 'refused'
  readonly reason: string
  readonly requests: number
  readonly items: number
  readonly bytes: number
}

export interface IngestStatusAnswer {
  readonly minutes: readonly IngestMinute[]
  /** Rows in the store for the same range, by signal: must equal what the ledger accepted once the journal is empty. */
  readonly stored: Readonly<Record<'span' | 'log' | 'event' | 'metric', number>>
  readonly journal: {
    readonly bytes: number
    readonly bytesMax: number
    readonly rows: number
    /** Age of the oldest event not yet stored; 0 when the journal is empty. */
    readonly lagMs: number
    readonly deadLetters: number
  }
  readonly store: {
    readonly bytes: number
    readonly rows: number
    readonly parts: number
    readonly diskFreeBytes: number
  }
  readonly meta: AnswerMeta
}
