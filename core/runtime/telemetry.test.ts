import { context, type Meter, type MeterProvider, metrics, trace } from '@opentelemetry/api'
import { afterEach, describe, expect, it } from 'vitest'
import { instrument } from './telemetry.ts'

afterEach(() => {
  metrics.disable()
  trace.disable()
  context.disable()
})

describe('instrument', () => {
  it('records into an SDK that is registered after the instrument was made', () => {
    const added: [string, number][] = []
    const counter = instrument('ingest').counter('oriel.ingest.requests')
    counter.add(1)
    const noop = metrics.getMeterProvider().getMeter('noop')
    const meter = Object.assign(Object.create(noop) as Meter, {
      createCounter: (name: string) => ({ add: (value: number) => added.push([name, value]) }),
    })
    const provider: MeterProvider = { getMeter: () => meter }
    metrics.setGlobalMeterProvider(provider)
    counter.add(2)
    expect(added).toEqual([['oriel.ingest.requests', 2]])
  })

  it('gives back what the work gives, and passes its error on', async () => {
    const { withSpan } = instrument('query')
    expect(await withSpan('search', async () => 5)).toBe(5)
    const failing = withSpan('search', () => Promise.reject(new Error('no')), { attributes: { rows: 1 } })
    await expect(failing).rejects.toThrow('no')
  })
})
