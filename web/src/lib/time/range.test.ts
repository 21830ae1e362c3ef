import { expect, it } from 'vitest'
import { relativeLabel, resolveInstant, resolveRange } from './range.ts'

const now = 1_764_000_000_000

it.each([
  ['now', now],
  ['now-15m', now - 900_000],
  ['now-7d', now - 604_800_000],
  ['1763999000000', 1_763_999_000_000],
  ['2025-11-24T00:00:00Z', 1_763_942_400_000],
  ['yesterday', undefined],
  ['now-5y', undefined],
])('%s', (text, expected) => expect(resolveInstant(text, now)).toBe(expected))

it('a range that makes no sense is the last hour', () => {
  expect(resolveRange({ from: 'now', to: 'now-1h' }, now)).toEqual({ fromMs: now - 3_600_000, toMs: now })
})

it('labels', () => {
  expect(relativeLabel({ from: 'now-1h', to: 'now' })).toBe('Last 1 hour')
  expect(relativeLabel({ from: 'now-2h', to: 'now' })).toBe('Last 2 hours')
  expect(relativeLabel({ from: '1', to: '2' })).toBeUndefined()
})
