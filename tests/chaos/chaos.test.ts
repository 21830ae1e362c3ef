import { expect, test } from 'vitest'
import { faultsOf, killRounds } from './kill-rounds.ts'

test('kill -9 at 20 moments under load loses no acknowledged row and doubles none, rollups included', {
  timeout: 180_000,
}, async () => {
  const outcome = await killRounds({ kills: 20, seed: 20_260_801 })
  expect(faultsOf(outcome)).toEqual([])
  // the load was real, and its receipts are remembered
  expect(outcome.acknowledged.size).toBeGreaterThan(100)
  expect(outcome.receipts).toBeGreaterThanOrEqual(outcome.acknowledged.size)
})
