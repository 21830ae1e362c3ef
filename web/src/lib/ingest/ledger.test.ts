import type { IngestMinute } from '@oriel/query/contract'
import { expect, it } from 'vitest'
import { byReason, perMinute, reconcile } from './ledger.ts'

const minute = (minuteMs: number, outcome: IngestMinute['outcome'], items: number): IngestMinute => ({
  minuteMs,
  signal: 'span',
  outcome,
  reason: outcome === 'rejected' ? 'malformed' : '',
  requests: 1,
  items,
  bytes: 10,
})
const journal = { bytes: 0, bytesMax: 1, rows: 0, lagMs: 0, deadLetters: 0 }
const stored = (span: number) => ({ span, log: 0, event: 0, metric: 0 })

it('puts items into their minute and outcome', () => {
  const chart = perMinute(
    [
      minute(60_000, 'accepted', 5),
      minute(60_000, 'accepted', 2),
      minute(120_000, 'refused', 3),
      minute(900_000, 'accepted', 1),
    ],
    { fromMs: 60_000, toMs: 180_000 },
  )
  expect(chart.times).toEqual([60_000, 120_000])
  expect(chart.items).toEqual({ accepted: [7, 0], resent: [0, 0], rejected: [0, 0], refused: [0, 3] })
})

it('sums by reason', () =>
  expect(
    byReason([minute(0, 'accepted', 5), minute(60_000, 'accepted', 2), minute(0, 'rejected', 9)]).map(
      (row) => [row.outcome, row.items, row.requests],
    ),
  ).toEqual([
    ['rejected', 9, 1],
    ['accepted', 7, 2],
  ]))

it('says whether the books balance', () => {
  const minutes = [minute(0, 'accepted', 5)]
  expect(reconcile({ minutes, stored: stored(5), journal }).tone).toBe('ok')
  expect(reconcile({ minutes, stored: stored(4), journal })).toEqual({
    tone: 'bad',
    text: 'The books do not balance: 5 accepted, 4 stored, a difference of 1',
  })
  expect(reconcile({ minutes, stored: stored(4), journal: { ...journal, rows: 1 } }).tone).toBe('warn')
})
