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

/** Rows older than this in the journal are late (DESIGN: visible within two seconds at p95). */
const lagAllowedMs = 10_000

/**
 * Whether the store holds what the ledger accepted, in plain words. Both go by the time of receipt, but the ledger counts whole
 * minutes and is read a moment before the store: the minutes at the ends of the range may differ and say nothing.
 */
export function reconcile(
  status: Pick<IngestStatusAnswer, 'minutes' | 'stored' | 'journal'>,
  range: { readonly fromMs: number; readonly toMs: number },
): Reconciliation {
  const accepted = status.minutes.filter((each) => each.outcome === 'accepted')
  const sum = (minutes: readonly IngestMinute[]): number => minutes.reduce((all, { items }) => all + items, 0)
  const stored = Object.values(status.stored).reduce((all, rows) => all + rows, 0)
  const difference = Math.abs(sum(accepted) - stored)
  const { rows, lagMs } = status.journal
  const count = (value: number): string => value.toLocaleString('en-US')
  const figures = `${count(sum(accepted))} accepted, ${count(stored)} stored`
  const onTheirWay = rows > 0 ? `; ${count(rows)} rows are on their way` : ''
  if (lagMs > lagAllowedMs) return { tone: 'warn', text: `Storing is behind: ${figures}${onTheirWay}` }
  if (difference === 0) return { tone: 'ok', text: `The books balance: ${figures}${onTheirWay}` }
  const edge = sum(
    accepted.filter(({ minuteMs }) => minuteMs <= range.fromMs || minuteMs > range.toMs - 120_000),
  )
  if (difference <= rows + edge) {
    return {
      tone: 'ok',
      text: `The books balance: ${figures}${onTheirWay}; the difference is within the minutes at the ends of the range, which are counted in part`,
    }
  }
  return {
    tone: 'bad',
    text: `The books do not balance: ${figures}, a difference of ${count(difference)} that neither the journal nor the minutes at the ends of the range explain`,
  }
}
