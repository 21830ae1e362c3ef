import { fileURLToPath } from 'node:url'
import { type Clock, type Component, type Config, Lifecycle, type Logger, systemRandom } from '@oriel/core'
import {
  createIngest,
  type DeadLetters,
  type Ingest,
  ingestSettings,
  type OnGroup,
  type SegmentsJournal,
  Writer,
} from '@oriel/ingest'
import { type ApiPorts, createQuery, type QueryApp, querySettings } from '@oriel/query'
import { tableColumns } from '@oriel/storage'
import { diskFreeBytes, openJournal } from './data-directory.ts'
import { createPool } from './decode-pool.ts'
import { DecodeWatch } from './decode-watch.ts'
import { keyAdmin, keyVerifier } from './key-admin.ts'
import { OwnTelemetry, type OwnTelemetrySources } from './own-telemetry.ts'
import { StoredRequestEvents } from './request-events.ts'
import { createStores, type Stores } from './stores.ts'
import { version } from './version.ts'

export interface StandaloneOptions {
  readonly config: Config
  readonly dataDir: string
  readonly clock: Clock
  readonly logger: Logger
}

/** Ingest, writer, stores, query and web in this one process. The caller holds the lock of the data directory. */
export class Standalone implements Component {
  readonly name = 'oriel'
  readonly #options: StandaloneOptions
  #lifecycle: Lifecycle | undefined
  #state: 'starting' | 'ready' | 'stopping' = 'starting'
  #ingest: Ingest | undefined
  #query: QueryApp | undefined

  constructor(options: StandaloneOptions) {
    this.#options = options
  }

  /** Where it listens; known after start. */
  get ports(): { readonly otlpHttp: number; readonly otlpGrpc: number; readonly api: number } {
    return {
      otlpHttp: this.#ingest?.httpPort ?? 0,
      otlpGrpc: this.#ingest?.grpcPort ?? 0,
      api: this.#query?.address().port ?? 0,
    }
  }

  async start(): Promise<void> {
    const { config, dataDir, clock, logger } = this.#options
    const stores = createStores(config, dataDir, clock, logger)
    const { journal, deadLetters } = await openJournal(config, dataDir, clock, logger)
    const writer = new Writer({
      journal,
      engine: stores.engine,
      columnsOf: (table) => tableColumns(table).map((column) => column.name),
      onRefused: (refused) => deadLetters.add(refused),
      clock,
      random: systemRandom,
    })
    let watch: DecodeWatch | undefined
    const watchedPool = (onGroup: OnGroup) => {
      watch = new DecodeWatch(createPool(config, clock, logger, onGroup))
      return watch
    }
    const keys = keyVerifier(stores.keys)
    const hasKeys = async () => (await stores.keys.list()).some((key) => key.revokedAtMs === undefined)
    const settings = config.get(ingestSettings)
    const ingest = createIngest({
      settings,
      clock,
      logger,
      journal,
      createPool: watchedPool,
      writer,
      keys,
      hasKeys,
    })
    const pool = () => watch as DecodeWatch
    const requestEvents = new StoredRequestEvents(pool, clock, logger)
    const sources = ownSources({ journal, ingest, writer, pool, deadLetters })
    const ownTelemetry = new OwnTelemetry({ sources, pool, clock, logger })
    const query = createQuery({
      engine: stores.engine,
      clock,
      logger,
      settings: config.get(querySettings),
      completeness: {
        completeThroughMs: () =>
          Math.min(
            journal.stats().oldestReceivedAtMs ?? Number.POSITIVE_INFINITY,
            pool().oldestReceivedAtMs ?? Number.POSITIVE_INFINITY,
            clock.nowMs(),
          ),
      },
      keys,
      ports: this.#apiPorts({ stores, journal, deadLetters, requestEvents, ownTelemetry, writer }),
      webDirectory: fileURLToPath(new URL('../web/build', import.meta.url)),
      version,
    })
    this.#ingest = ingest
    this.#query = query
    const closeJournal = { name: 'journal', start: async () => undefined, stop: () => journal.close() }
    this.#lifecycle = new Lifecycle([stores, closeJournal, ingest, requestEvents, ownTelemetry, query], {
      clock,
      drainTimeoutMs: 60_000,
    })
    await this.#lifecycle.start()
    this.#state = 'ready'
  }

  async stop(): Promise<void> {
    this.#state = 'stopping'
    const report = await this.#lifecycle?.stop()
    for (const { name, error } of report?.failed ?? []) {
      this.#options.logger.error('a part did not stop cleanly', { part: name, error: String(error) })
    }
    if (report !== undefined && report.timedOut.length > 0) {
      this.#options.logger.warn('parts did not drain in time; the journal holds what is left', {
        parts: report.timedOut,
      })
    }
  }

  #apiPorts(parts: {
    readonly stores: Stores
    readonly journal: SegmentsJournal
    readonly deadLetters: DeadLetters
    readonly requestEvents: StoredRequestEvents
    readonly ownTelemetry: OwnTelemetry
    readonly writer: Writer
  }): ApiPorts {
    const { stores, journal, deadLetters, requestEvents, ownTelemetry, writer } = parts
    const { dataDir, logger } = this.#options
    return {
      keyAdmin: keyAdmin(stores.keys, logger),
      deadLetters: {
        list: async () =>
          (await deadLetters.list()).map(({ id, message, code, refusedAtMs, rows, bytes }) => ({
            id,
            reason: `${code}: ${message}`,
            atMs: refusedAtMs,
            rows,
            bytes,
          })),
        replay: async (id) => (await deadLetters.replay(journal, { ids: [id] })).replayed.includes(id),
      },
      requestEvents: {
        emit: (event) => {
          requestEvents.emit(event)
          ownTelemetry.request(event)
        },
      },
      ingest: {
        journal: () => journal.stats(),
        deadLetterCount: async () => (await deadLetters.list()).length,
        diskFreeBytes: () => diskFreeBytes(dataDir),
      },
      health: () => {
        const { lastError } = writer.stats()
        const reasons = lastError === undefined ? [] : [`the writer is retrying: ${lastError}`]
        const degraded = this.#state === 'ready' && reasons.length > 0
        return { status: degraded ? 'degraded' : this.#state, version, reasons }
      },
    }
  }
}

function ownSources(parts: {
  readonly journal: SegmentsJournal
  readonly ingest: Ingest
  readonly writer: Writer
  readonly pool: () => DecodeWatch
  readonly deadLetters: DeadLetters
}): OwnTelemetrySources {
  const { journal, ingest, writer, pool, deadLetters } = parts
  return {
    journal: () => journal.stats(),
    ingest: () => ingest.stats(),
    writer: () => writer.stats(),
    workerCrashes: () => pool().crashes,
    deadLetterCount: async () => (await deadLetters.list()).length,
  }
}
