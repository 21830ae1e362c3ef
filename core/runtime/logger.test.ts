import { ManualClock } from '@oriel/core/testing'
import { describe, expect, it } from 'vitest'
import { createLogger, type LogLevel } from './logger.ts'

function logging(level: LogLevel = 'info') {
  const lines: string[] = []
  const logger = createLogger({ clock: new ManualClock(0), level, write: (line) => lines.push(line) })
  return { logger, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines }
}

describe('createLogger', () => {
  it('writes one JSON line with time, level, message and fields', () => {
    const { logger, lines } = logging()
    logger.with({ part: 'journal' }).warn('disk is\nfull', { freeBytes: 5n })
    expect(lines).toEqual([
      '{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"disk is\\nfull","part":"journal","freeBytes":"5"}\n',
    ])
  })

  it('says nothing below its level', () => {
    const { logger, lines } = logging('warn')
    logger.debug('a')
    logger.info('b')
    logger.error('c')
    expect(lines).toHaveLength(1)
  })

  it('redacts secrets by name, in texts, in errors and in their causes', () => {
    const { logger, lines } = logging()
    const cause = new Error('connect postgres://oriel:hunter2@db/oriel')
    logger.error('failed with Bearer hunter2hunter2', {
      apiKey: 'hunter2',
      headers: { authorization: 'hunter2', 'x-request-id': 'r1', cookie: ['hunter2'] },
      error: new Error('Basic aHVudGVyMg== refused', { cause }),
      nested: [{ password: { deep: 'hunter2' } }],
    })
    expect(lines.join('')).not.toMatch(/hunter2|aHVudGVyMg/)
    expect(lines.join('')).toContain('"x-request-id":"r1"')
    expect(lines.join('')).toContain('postgres://oriel:[redacted]@db/oriel')
  })

  it('survives what does not fit into JSON', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    const { logger, parsed } = logging()
    logger.info('loop', { loop, none: undefined, nan: Number.NaN })
    expect(parsed()).toHaveLength(1)
  })
})
