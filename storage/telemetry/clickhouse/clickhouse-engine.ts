import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { type Clock, type Component, OrielError } from '@oriel/core'
import { parseAnswer } from '../answer.ts'
import { tableColumns } from '../columns.ts'
import type { BlockInsert, BlockSource, Engine, EngineQuery, EngineResult } from '../engine.ts'
import { cancelledError, type EngineFailure, insertError, queryError, timeoutError } from '../engine-error.ts'
import { killStatement } from '../kill-statement.ts'
import { answerSettings, insertSettings, limitSettings } from '../statement-settings.ts'

export interface ClickhouseEngineOptions {
  /** `http://user:password@host:8123`. */
  readonly url: string
  readonly clock: Clock
  readonly database?: string
  /** Connections of the query lane; the internal and the insert lane have their own. */
  readonly queryConnections?: number
}

const maintenanceLimits = { timeMs: 600_000, memoryBytes: 0 }
const killRepeatMs = 50
const timeoutGraceMs = 1000

type LaneName = 'query' | 'internal' | 'insert'

/** A ClickHouse server over HTTP. One client per lane, so that lanes never wait for each other. */
export class ClickhouseEngine implements Engine, Component {
  readonly name = 'telemetry store (ClickHouse)'
  readonly #options: ClickhouseEngineOptions
  readonly #database: string
  readonly #runId: string
  #clients: Readonly<Record<LaneName, ClickHouseClient>> | undefined
  #sequence = 0

  constructor(options: ClickhouseEngineOptions) {
    this.#options = options
    this.#database = options.database ?? 'oriel'
    this.#runId = `${process.pid}-${options.clock.nowMs()}`
  }

  async start(): Promise<void> {
    const { queryConnections = 8 } = this.#options
    if (!/^\w+$/.test(this.#database)) {
      throw new OrielError('config_invalid', `"${this.#database}" is not a name of a database`)
    }
    const first = this.#client('default', 1)
    try {
      await first.command({ query: `CREATE DATABASE IF NOT EXISTS ${this.#database} ENGINE = Atomic` })
    } catch (error) {
      throw queryError(failureOf(error), maintenanceLimits)
    } finally {
      await first.close()
    }
    this.#clients = {
      query: this.#client(this.#database, queryConnections),
      internal: this.#client(this.#database, 4),
      insert: this.#client(this.#database, 1),
    }
  }

  async stop(): Promise<void> {
    const clients = this.#clients
    this.#clients = undefined
    if (clients !== undefined) await Promise.all(Object.values(clients).map((client) => client.close()))
  }

  async query<Row>(query: EngineQuery): Promise<EngineResult<Row>> {
    const { clock } = this.#options
    const startedMs = clock.monotonicMs()
    const text = await this.#runKillable(query)
    return { ...parseAnswer<Row>(text), elapsedMs: clock.monotonicMs() - startedMs }
  }

  async execute(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    try {
      await this.#lane('internal').command({
        query: sql,
        query_params: { ...params },
        clickhouse_settings: { ...answerSettings, ...limitSettings(maintenanceLimits) },
      })
    } catch (error) {
      throw queryError(failureOf(error), maintenanceLimits)
    }
  }

  async insert({ table, columns, source, token, settings }: BlockInsert): Promise<void> {
    const known = new Set(tableColumns(table).map((column) => column.name))
    const unknown = columns.find((name) => !known.has(name))
    if (unknown !== undefined) {
      throw new OrielError('store_refused', `table ${table} has no column ${unknown}`)
    }
    const names = columns.map((name) => `\`${name}\``).join(', ')
    try {
      const { stream } = await this.#lane('insert').exec({
        query: `INSERT INTO ${table} (${names}) FORMAT Native`,
        values: Readable.from(sourceBytes(source), { objectMode: false }),
        clickhouse_settings: { ...insertSettings, ...settings, insert_deduplication_token: token },
      })
      for await (const _ of stream) {
        // the answer of an insert is empty; reading it to its end frees the connection
      }
    } catch (error) {
      throw insertError(failureOf(error), table)
    }
  }

  #client(database: string, connections: number): ClickHouseClient {
    return createClient({
      url: this.#options.url,
      database,
      max_open_connections: connections,
      request_timeout: maintenanceLimits.timeMs + 30_000,
      log: { level: ClickHouseLogLevel.OFF },
      compression: { request: false, response: false },
    })
  }

  #lane(name: LaneName): ClickHouseClient {
    const client = this.#clients?.[name]
    if (client !== undefined) return client
    throw new OrielError('store_unavailable', 'the telemetry store is not started', { retryable: true })
  }

  /** Settles only when the server has let go of the statement: the request is answered after the kill, not dropped. */
  async #runKillable(query: EngineQuery): Promise<string> {
    const { sql, params = {}, limits, settings, signal } = query
    const { clock } = this.#options
    if (signal?.aborted) throw cancelledError(signal.reason)
    this.#sequence += 1
    const mark = `oriel-${this.#runId}-${this.#sequence}`
    const killer = new Killer(() => this.#lane('internal').command({ query: killStatement(mark) }), clock)
    const onAbort = () => killer.kill('cancelled')
    signal?.addEventListener('abort', onAbort, { once: true })
    const cancelTimer = clock.after(limits.timeMs + timeoutGraceMs, () => killer.kill('late'))
    try {
      const answer = await this.#lane(query.lane).query({
        query: sql,
        format: 'JSONCompact',
        query_params: { ...params },
        clickhouse_settings: { ...answerSettings, ...limitSettings(limits), ...settings, log_comment: mark },
      })
      return await answer.text()
    } catch (error) {
      if (error instanceof OrielError) throw error
      const failure = failureOf(error)
      if (failure.number === 394 && killer.reason === 'late') throw timeoutError(limits, error)
      throw queryError(failure, limits)
    } finally {
      killer.stop()
      cancelTimer()
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

/** Repeats a kill until the statement is gone: the first may come before the server has started it. */
class Killer {
  readonly #send: () => Promise<unknown>
  readonly #clock: Clock
  #stopped = false
  #cancel: () => void = () => {}
  reason: 'cancelled' | 'late' | undefined

  constructor(send: () => Promise<unknown>, clock: Clock) {
    this.#send = send
    this.#clock = clock
  }

  kill(reason: 'cancelled' | 'late'): void {
    this.reason ??= reason
    if (this.#stopped) return
    const again = () => {
      if (!this.#stopped) this.#cancel = this.#clock.after(killRepeatMs, () => this.kill(reason))
    }
    this.#send().then(again, again)
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }
}

async function* sourceBytes(source: BlockSource): AsyncGenerator<Uint8Array> {
  if (source.kind === 'bytes') {
    yield* source.chunks
    return
  }
  for (const path of source.paths) yield* createReadStream(path, { highWaterMark: 1 << 20 })
}

function failureOf(cause: unknown): EngineFailure {
  const message = cause instanceof Error ? cause.message : String(cause)
  return { number: cause instanceof ClickHouseError ? Number(cause.code) : undefined, message, cause }
}
