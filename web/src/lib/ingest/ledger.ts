import type { IngestMinute, IngestStatusAnswer } from '@oriel/query/contract'

const outcomes = ['accepted', 'resent', 'rejected', 'refused'] as const
export type Outcome = (typeof outcomes)[number]

/** Items per minute and outcome over the range; a minute without an entry counts zero. */
export function perMinute(
  minutes: readonly IngestMinute[],
  range: { readonly fromMs: number; readonly toMs: number },
): { readonly times: readonly number[]; readonly items: Readonly<Record<Outcome, readonly number[]>> } {
  const minuteMs = 60_000
  const first = Math.floor(range.fromMs / minuteMs)
  const count = Math.max(1, Math.ceil(range.toMs / minuteMs) - first)
  const items = { accepted: [], resent: [], rejected: [], refused: [] } as Record<Outcome, number[]>
  for (const outcome of outcomes) items[outcome] = Array.from({ length: count }, () => 0)
  for (const minute of minutes) {
    const at = Math.floor(minute.minuteMs / minuteMs) - first
    const before = items[minute.outcome][at]
    if (before !== undefined) items[minute.outcome][at] = before + minute.items
  }
  return { times: Array.from({ length: count }, (_, at) => (first + at) * minuteMs), items }
}

export interface LedgerRow {
  readonly signal: string
  readonly outcome: Outcome
  readonly reason: string
  readonly requests: number
  readonly items: number
  readonly bytes: number
}

/** One row per signal, outcome and reason, largest first. */
export function byReason(minutes: readonly IngestMinute[]): readonly LedgerRow[] {
  const rows = new Map<string, LedgerRow>()
  for (const { signal, outcome, reason, requests, items, bytes } of minutes) {
    const key = JSON.stringify([signal, outcome, reason])
    const before = rows.get(key) ?? { signal, outcome, reason, requests: 0, items: 0, bytes: 0 }
    rows.set(key, {
      ...before,
      requests: before.requests + requests,
      items: before.items + items,
      bytes: before.bytes + bytes,
    })
  }
  return [...rows.values()].sort((a, b) => b.items - a.items)
}

export interface Reconciliation {
  readonly tone: 'ok' | 'warn' | 'bad'
  readonly text: string
}

/** Whether the store holds what the ledger accepted, in plain words. */
export function reconcile(
  status: Pick<IngestStatusAnswer, 'minutes' | 'stored' | 'journal'>,
): Reconciliation {
  const accepted = status.minutes.reduce(
    (sum, each) => sum + (each.outcome === 'accepted' ? each.items : 0),
    0,
  )
  const stored = Object.values(status.stored).reduce((sum, rows) => sum + rows, 0)
  const count = (value: number): string => value.toLocaleString('en-US')
  const figures = `${count(accepted)} accepted, ${count(stored)} stored`
  if (status.journal.rows > 0)
    return { tone: 'warn', text: `${count(status.journal.rows)} rows are still in the journal: ${figures}` }
  if (accepted === stored) return { tone: 'ok', text: `The books balance: ${figures}` }
  return {
    tone: 'bad',
    text: `The books do not balance: ${figures}, a difference of ${count(Math.abs(accepted - stored))}`,
  }
}
