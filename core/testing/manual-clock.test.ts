import { describe, expect, it } from 'vitest'
import { ManualClock } from './manual-clock.ts'

describe('ManualClock', () => {
  it('runs what falls due in order, and chains of sleeps within one move', async () => {
    const clock = new ManualClock(1000)
    const log: string[] = []
    clock.after(20, () => log.push(`b at ${clock.nowMs()}`))
    clock.after(10, () => log.push(`a at ${clock.nowMs()}`))
    const chain = (async () => {
      await clock.sleep(5)
      await clock.sleep(5)
      log.push(`chain at ${clock.nowMs()}`)
    })()
    await clock.advance(15)
    await chain
    expect(log).toEqual(['a at 1010', 'chain at 1010'])
    expect(clock.nowMs()).toBe(1015)
    expect(clock.pending).toBe(1)
  })

  it('cancels', async () => {
    const clock = new ManualClock()
    const controller = new AbortController()
    clock.after(1, () => expect.unreachable())()
    const sleep = clock.sleep(1, controller.signal).catch((error: unknown) => error)
    controller.abort('stop')
    await clock.advance(5)
    expect(await sleep).toBe('stop')
  })
})
