import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { ClickhouseEngine } from '@oriel/storage'
import { ClickhouseBridge } from '@oriel/storage/testing'
import { it } from 'vitest'
import { type EngineHarness, engineSuite } from './engine.suite.ts'

async function harness(url: string, database: string, release: () => Promise<void>): Promise<EngineHarness> {
  const open = async () => {
    const engine = new ClickhouseEngine({ url, database, clock: systemClock, queryConnections: 2 })
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
      await release()
    },
  }
}

engineSuite('engine: ClickHouse over HTTP, on the bridge', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'oriel-bridge-'))
  const bridge = new ClickhouseBridge(directory)
  return await harness(await bridge.start(), 'oriel', async () => {
    await bridge.stop()
    rmSync(directory, { recursive: true, force: true })
  })
})

const server = process.env.ORIEL_TEST_CLICKHOUSE
if (server === undefined) {
  it.skip('engine: ClickHouse over HTTP, on a server: set ORIEL_TEST_CLICKHOUSE to its address')
} else {
  engineSuite('engine: ClickHouse over HTTP, on a server', async () => {
    const database = `oriel_test_${process.pid}`
    const opened = await harness(server, database, async () => {})
    return {
      ...opened,
      stop: async () => {
        await opened.engine.execute(`DROP DATABASE ${database}`)
        await opened.stop()
      },
    }
  })
}
