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
  const range = { fromMs: 30_000, toMs: 600_000 }
  const of = (stored_: number, minutes: readonly IngestMinute[], journal_ = journal) =>
    reconcile({ minutes, stored: stored(stored_), journal: journal_ }, range)
  const inside = [minute(300_000, 'accepted', 5)]
  const atTheEnd = [...inside, minute(540_000, 'accepted', 3)]
  expect(of(5, inside)).toEqual({ tone: 'ok', text: 'The books balance: 5 accepted, 5 stored' })
  expect(of(4, inside).tone).toBe('bad')
  expect(of(4, inside).text).toContain('a difference of 1')
  expect(of(4, inside, { ...journal, rows: 1 }).text).toContain('1 rows are on their way')
  expect(of(4, inside, { ...journal, rows: 1, lagMs: 20_000 }).tone).toBe('warn')
  expect(of(5, atTheEnd).tone).toBe('ok')
  expect(of(4, atTheEnd).tone).toBe('bad')
})
