import { ManualClock } from '@oriel/core/testing'
import { describe, expect, it } from 'vitest'
import { OrielError } from './error.ts'
import { seededRandom } from './random.ts'
import { retry, retryDelayMs } from './retry.ts'

const policy = { attemptsMax: 4, baseDelayMs: 100, delayMaxMs: 250 }
const always = { next: () => 0.999 }
const down = () => new OrielError('store_unavailable', 'the store does not answer', { retryable: true })

describe('retry', () => {
  it('doubles the bound of the wait up to its maximum, and draws from all of it', () => {
    expect([1, 2, 3, 9].map((attempt) => retryDelayMs(policy, attempt, always))).toEqual([
      99.9, 199.8, 249.75, 249.75,
    ])
    expect(retryDelayMs(policy, 3, { next: () => 0 })).toBe(0)
  })

  it('runs again after each wait until it succeeds', async () => {
    const clock = new ManualClock()
    const startedMs: number[] = []
    const done = retry(
      async (attempt) => {
        startedMs.push(clock.monotonicMs())
        if (attempt < 3) throw down()
        return attempt
      },
      { policy, clock, random: { next: () => 0.5 } },
    )
    await clock.advance(1000)
    expect(await done).toBe(3)
    expect(startedMs).toEqual([0, 50, 150])
  })

  it('gives up after the last attempt with the last error', async () => {
    const clock = new ManualClock()
    let attempts = 0
    const done = retry(
      async () => {
        attempts += 1
        throw down()
      },
      { policy, clock, random: seededRandom(1) },
    ).catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await done).toMatchObject({ code: 'store_unavailable' })
    expect(attempts).toBe(4)
  })

  it('does not repeat what is not retryable', async () => {
    let attempts = 0
    const run = retry(
      async () => {
        attempts += 1
        throw new OrielError('store_refused', 'no')
      },
      { policy, clock: new ManualClock(), random: always },
    )
    await expect(run).rejects.toMatchObject({ code: 'store_refused' })
    expect(attempts).toBe(1)
  })

  it('ends a wait when the signal aborts', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    const done = retry(() => Promise.reject(down()), {
      policy,
      clock,
      random: always,
      signal: controller.signal,
    }).catch((error: unknown) => error)
    await clock.advance(1)
    controller.abort(new Error('stopping'))
    expect(await done).toMatchObject({ message: 'stopping' })
    expect(clock.pending).toBe(0)
  })
})

describe('seededRandom', () => {
  it('repeats itself and stays in [0, 1)', () => {
    const draw = () => Array.from({ length: 1000 }, seededRandomOf(7))
    expect(draw()).toEqual(draw())
    expect(draw().every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(draw()).size).toBeGreaterThan(990)
  })
})

function seededRandomOf(seed: number): () => number {
  const random = seededRandom(seed)
  return () => random.next()
}
