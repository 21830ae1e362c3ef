import { ManualClock } from '@oriel/core/testing'
import { expect, it } from 'vitest'
import { TenantRate } from './tenant-rate.ts'

it('lets a burst in, then makes the tenant wait until it has paid', async () => {
  const clock = new ManualClock()
  const rate = new TenantRate(1000, clock)
  rate.check('a')
  rate.charge('a', 11_500)
  expect(() => rate.check('a')).toThrow(
    expect.objectContaining({ code: 'rate_limited', details: { retryAfterMs: 1501 } }),
  )
  rate.check('b')
  await clock.advance(1500)
  expect(() => rate.check('a')).toThrow('exceeds 1000B per second (ingest.tenantBytesPerSecondMax)')
  await clock.advance(1)
  rate.check('a')
})

it('never saves up more than the burst', async () => {
  const clock = new ManualClock()
  const rate = new TenantRate(1000, clock)
  await clock.advance(3_600_000)
  rate.charge('a', 10_000)
  expect(() => rate.check('a')).toThrow('exceeds')
})

it('sets no limit at 0', () => {
  const rate = new TenantRate(0, new ManualClock())
  rate.charge('a', Number.MAX_SAFE_INTEGER)
  rate.check('a')
})
