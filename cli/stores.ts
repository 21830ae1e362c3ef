import { join } from 'node:path'
import type { Clock, Component, Config, Logger } from '@oriel/core'
import {
  ApiKeys,
  applyRetention,
  ChdbEngine,
  ClickhouseEngine,
  type Engine,
  migrateTelemetry,
  StateStore,
  storageSettings,
} from '@oriel/storage'

export interface Stores extends Component {
  readonly engine: Engine
  readonly keys: ApiKeys
}

/** Both stores, opened and brought to this version's schema. */
export function createStores(config: Config, dataDir: string, clock: Clock, logger: Logger): Stores {
  const settings = config.get(storageSettings)
  const engine = createEngine(config, dataDir, clock)
  const state = new StateStore({
    url: settings.stateUrl === '' ? join(dataDir, 'state', 'state.sqlite') : settings.stateUrl,
  })
  return {
    name: 'stores',
    engine,
    keys: new ApiKeys(state, clock),
    async start() {
      await state.start()
      await engine.start()
      const applied = await migrateTelemetry(engine)
      const changed = await applyRetention(engine, settings)
      if (applied.length > 0 || changed.length > 0) logger.info('schema is up to date', { applied, changed })
    },
    async stop() {
      await engine.stop()
      await state.stop()
    },
  }
}

function createEngine(config: Config, dataDir: string, clock: Clock): Engine & Component {
  const { engine, clickhouseUrl, database, queryConnections, memoryBytesMax, markCacheBytesMax } =
    config.get(storageSettings)
  if (engine === 'clickhouse') return new ClickhouseEngine({ url: clickhouseUrl, database, clock })
  return new ChdbEngine({
    directory: join(dataDir, 'telemetry'),
    clock,
    database,
    queryConnections,
    memoryBytesMax,
    markCacheBytesMax,
  })
}
