import { compileLedger, compileStored, compileStoreSize } from '../compile/ingest-status.ts'
import type { IngestMinute, IngestStatusAnswer, TimeRange } from '../contract.ts'
import type { Inquiry } from './reader.ts'

/** What only the running process knows. */
export interface IngestState {
  /** Bytes and rows in the journal, not yet stored; `oldestReceivedAtMs` undefined when it is empty. */
  journal(): {
    readonly bytes: number
    readonly bytesMax: number
    readonly rows: number
    readonly oldestReceivedAtMs: number | undefined
  }
  deadLetterCount(): Promise<number>
  diskFreeBytes(): Promise<number>
}

interface LedgerRow {
  readonly minute_ms: string | number
  readonly l_signal: IngestMinute['signal']
  readonly l_outcome: IngestMinute['outcome']
  readonly l_reason: string
  readonly l_requests: string
  readonly l_items: string
  readonly l_bytes: string
}

export async function ingestStatus(
  inquiry: Inquiry,
  request: TimeRange,
  state: IngestState,
): Promise<IngestStatusAnswer> {
  const range = inquiry.range(request)
  const ledger = await inquiry.read<LedgerRow>(compileLedger(range))
  const stored = await inquiry.read<{ l_signal: IngestMinute['signal']; l_rows: string }>(
    compileStored(range),
  )
  const [size] = await inquiry.readSystem<{ s_bytes: string; s_rows: string; s_parts: string }>(
    compileStoreSize(),
  )
  const rowsOf = (signal: IngestMinute['signal']) =>
    Number(stored.find((row) => row.l_signal === signal)?.l_rows ?? 0)
  const journal = state.journal()
  const [deadLetters, diskFreeBytes] = await Promise.all([state.deadLetterCount(), state.diskFreeBytes()])
  return {
    minutes: ledger.map((row) => ({
      minuteMs: Number(row.minute_ms),
      signal: row.l_signal,
      outcome: row.l_outcome,
      reason: row.l_reason,
      requests: Number(row.l_requests),
      items: Number(row.l_items),
      bytes: Number(row.l_bytes),
    })),
    stored: { span: rowsOf('span'), log: rowsOf('log'), event: rowsOf('event'), metric: rowsOf('metric') },
    journal: {
      bytes: journal.bytes,
      bytesMax: journal.bytesMax,
      rows: journal.rows,
      lagMs:
        journal.oldestReceivedAtMs === undefined
          ? 0
          : Math.max(0, inquiry.nowMs - journal.oldestReceivedAtMs),
      deadLetters,
    },
    store: {
      bytes: Number(size?.s_bytes ?? 0),
      rows: Number(size?.s_rows ?? 0),
      parts: Number(size?.s_parts ?? 0),
      diskFreeBytes,
    },
    meta: inquiry.meta(),
  }
}
