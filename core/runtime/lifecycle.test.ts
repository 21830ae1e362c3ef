import { ManualClock } from '@oriel/core/testing'
import { describe, expect, it } from 'vitest'
import { type Component, Lifecycle } from './lifecycle.ts'

function recorded(log: string[], name: string, parts: Partial<Component> = {}): Component {
  return {
    name,
    start: async () => {
      log.push(`start ${name}`)
      await parts.start?.()
    },
    stop: async () => {
      log.push(`stop ${name}`)
      await parts.stop?.()
    },
  }
}

describe('Lifecycle', () => {
  const options = () => ({ clock: new ManualClock(), drainTimeoutMs: 1000 })

  it('starts in order and stops in reverse', async () => {
    const log: string[] = []
    const lifecycle = new Lifecycle([recorded(log, 'a'), recorded(log, 'b')], options())
    await lifecycle.start()
    expect(await lifecycle.stop()).toEqual({ stopped: ['b', 'a'], timedOut: [], failed: [] })
    expect(log).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('stops what it began when a start fails, and says why', async () => {
    const log: string[] = []
    const broken = recorded(log, 'b', { start: () => Promise.reject(new Error('port taken')) })
    const lifecycle = new Lifecycle([recorded(log, 'a'), broken, recorded(log, 'c')], options())
    await expect(lifecycle.start()).rejects.toThrow('port taken')
    expect(log).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('stops once, however often it is asked', async () => {
    const log: string[] = []
    const lifecycle = new Lifecycle([recorded(log, 'a')], options())
    await lifecycle.start()
    const [first, second] = await Promise.all([lifecycle.stop(), lifecycle.stop()])
    expect(first).toBe(second)
    expect(log).toEqual(['start a', 'stop a'])
  })

  it('leaves behind what drains too long and goes on to the rest', async () => {
    const log: string[] = []
    const { clock, drainTimeoutMs } = options()
    const stuck = recorded(log, 'stuck', { stop: () => new Promise(() => {}) })
    const failing = recorded(log, 'failing', { stop: () => Promise.reject(new Error('disk')) })
    const lifecycle = new Lifecycle([recorded(log, 'a'), stuck, failing], { clock, drainTimeoutMs })
    await lifecycle.start()
    const stopping = lifecycle.stop()
    await clock.advance(1000)
    const report = await stopping
    expect(report.timedOut).toEqual(['stuck'])
    expect(report.failed.map(({ name }) => name)).toEqual(['failing'])
    expect(report.stopped).toEqual(['a'])
  })
})
