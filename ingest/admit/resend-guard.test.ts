import { ManualClock } from '@oriel/core/testing'
import { expect, it } from 'vitest'
import { ResendGuard } from './resend-guard.ts'

const outcome = { accepted: 2, rejected: 1, message: 'm' }
const neverStore = () => Promise.reject(new Error('stored twice'))

it('forgets a digest when its window has passed', async () => {
  const clock = new ManualClock()
  const guard = new ResendGuard({ clock, windowMs: 600_000, entriesMax: 10 })
  await guard.run('a', async () => outcome)
  await clock.advance(599_999)
  expect(await guard.run('a', neverStore)).toEqual({ outcome, resent: true })
  await clock.advance(1)
  expect(await guard.run('a', async () => outcome)).toEqual({ outcome, resent: false })
})

it('shares a failure with the copy in flight, then tries anew', async () => {
  const guard = new ResendGuard({ clock: new ManualClock(), windowMs: 600_000, entriesMax: 10 })
  const { promise, reject } = Promise.withResolvers<typeof outcome>()
  const both = Promise.allSettled([guard.run('a', () => promise), guard.run('a', neverStore)])
  reject(new Error('full'))
  expect((await both).map((each) => each.status)).toEqual(['rejected', 'rejected'])
  expect(await guard.run('a', async () => outcome)).toEqual({ outcome, resent: false })
})

it('answers from receipts of before the restart, but not from old ones', async () => {
  const clock = new ManualClock()
  const guard = new ResendGuard({ clock, windowMs: 600_000, entriesMax: 10 })
  const nowMs = clock.nowMs()
  guard.remember([
    { digest: 'recent', receivedAtMs: nowMs - 1000, ...outcome },
    { digest: 'old', receivedAtMs: nowMs - 600_001, ...outcome },
  ])
  expect(guard.remembered).toBe(1)
  expect(await guard.run('recent', neverStore)).toEqual({ outcome, resent: true })
})

it('forgets the oldest beyond its size and counts them', async () => {
  const guard = new ResendGuard({ clock: new ManualClock(), windowMs: 600_000, entriesMax: 2 })
  for (const digest of ['a', 'b', 'c']) await guard.run(digest, async () => outcome)
  expect(guard.remembered).toBe(2)
  expect(guard.overflowed).toBe(1)
  expect((await guard.run('a', async () => outcome)).resent).toBe(false)
  expect((await guard.run('c', neverStore)).resent).toBe(true)
})
