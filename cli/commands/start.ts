import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createLogger, formatDurationMs, OrielError, systemClock } from '@oriel/core'
import { ingestSettings, lockDataDirectory } from '@oriel/ingest'
import { querySettings } from '@oriel/query'
import { storageSettings, uvThreadsNeeded } from '@oriel/storage'
import type { Command } from '../commands.ts'
import { readConfig, serverSettings } from '../config.ts'
import { Standalone } from '../standalone.ts'

export const start: Command = {
  summary: 'run Oriel: receive, store, answer, in one process',
  async run(args) {
    const config = readConfig(args)
    ensureThreads(uvThreadsNeeded(config.get(storageSettings).queryConnections))
    const { dataDir: given, logLevel } = config.get(serverSettings)
    const clock = systemClock
    const startedMs = clock.monotonicMs()
    const logger = createLogger({ level: logLevel, clock })
    const dataDir = resolve(given)
    await mkdir(dataDir, { recursive: true, mode: 0o750 })
    const lock = await lockDataDirectory(dataDir)
    const stopAsked = untilSignal()
    const oriel = new Standalone({ config, dataDir, clock, logger })
    try {
      await oriel.start()
      console.log(greeting(oriel, config, dataDir, clock.monotonicMs() - startedMs))
      logger.info('stopping', { signal: await stopAsked })
    } finally {
      await oriel.stop()
      await lock.release()
    }
    return 0
  },
}

/** libuv reads its thread count once, before any of our code runs; so the process replaces itself when it is too low. */
function ensureThreads(needed: number): void {
  if (Number(process.env.UV_THREADPOOL_SIZE ?? '4') >= needed) return
  if (process.execve === undefined) {
    throw new OrielError('config_invalid', `start with UV_THREADPOOL_SIZE=${needed} in the environment`)
  }
  const environment = { ...process.env, UV_THREADPOOL_SIZE: String(needed) }
  const args = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...process.execArgv,
    ...process.argv.slice(1),
  ]
  process.execve(process.execPath, args, environment)
}

function untilSignal(): Promise<string> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        done(signal)
        process.once(signal, () => process.exit(1))
      })
    }
  })
}

function greeting(
  oriel: Standalone,
  config: ReturnType<typeof readConfig>,
  dataDir: string,
  elapsedMs: number,
): string {
  const { host } = config.get(ingestSettings)
  const { api, otlpGrpc, otlpHttp } = oriel.ports
  return `
  Oriel is ready after ${formatDurationMs(Math.round(elapsedMs))}.

    UI and API   http://${config.get(querySettings).host}:${api}
    OTLP/gRPC    ${host}:${otlpGrpc}
    OTLP/HTTP    http://${host}:${otlpHttp}
    data         ${dataDir}

  Point any OpenTelemetry SDK or Collector at it: OTEL_EXPORTER_OTLP_ENDPOINT=http://${host}:${otlpHttp}
`
}
