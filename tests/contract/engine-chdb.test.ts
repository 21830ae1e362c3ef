import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { ChdbEngine } from '@oriel/storage'
import { engineSuite } from './engine.suite.ts'

engineSuite('engine: chDB', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'oriel-chdb-'))
  const open = async () => {
    const engine = new ChdbEngine({ directory, clock: systemClock, threads: 'unchecked' })
    await engine.start()
    return engine
  }
  let engine = await open()
  return {
    engine,
    reopen: async () => {
      await engine.stop()
      engine = await open()
      return engine
    },
    stop: async () => {
      await engine.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
})
