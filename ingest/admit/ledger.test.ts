import { silentLogger } from '@oriel/core'
import { ManualClock } from '@oriel/core/testing'
import { expect, it } from 'vitest'
import { Ledger, type LedgerRow } from './ledger.ts'

const entry = {
  tenant: 't',
  signal: 'traces',
  outcome: 'refused',
  reason: 'malformed',
  items: 0,
  bytes: 10,
} as const

it('adds up by minute and flushes at its interval', async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 0, 58))
  const stored: (readonly LedgerRow[])[] = []
  const sink = { append: async (rows: readonly LedgerRow[]) => void stored.push(rows) }
  const ledger = new Ledger({ clock, logger: silentLogger, sink, flushIntervalMs: 5000 })
  ledger.start()
  ledger.record(entry)
  ledger.record(entry)
  await clock.advance(2000)
  ledger.record(entry)
  await clock.advance(3000)
  expect(
    stored.flat().map(({ minuteMs, requests, bytes }) => [minuteMs % 3_600_000, requests, bytes]),
  ).toEqual([
    [0, 2, 20],
    [60_000, 1, 10],
  ])
  await clock.advance(5000)
  expect(stored.length).toBe(1)
  await ledger.stop()
  expect(clock.pending).toBe(0)
})

it('keeps what the journal refused and adds to it', async () => {
  const stored: LedgerRow[] = []
  let full = true
  const sink = {
    append: async (rows: readonly LedgerRow[]) => {
      if (full) throw new Error('journal full')
      stored.push(...rows)
    },
  }
  const ledger = new Ledger({ clock: new ManualClock(), logger: silentLogger, sink, flushIntervalMs: 5000 })
  ledger.record(entry)
  await ledger.flush()
  ledger.record(entry)
  full = false
  await ledger.stop()
  expect(stored).toMatchObject([{ signal: 'span', requests: 2, bytes: 20 }])
})
