import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Clock, type Component, OrielError } from '@oriel/core'
import { drainPending, Session } from 'chdb'
import { parseAnswer } from '../answer.ts'
import { blockStructure } from '../columns.ts'
import type { BlockInsert, Engine, EngineQuery, EngineResult } from '../engine.ts'
import { cancelledError, insertError, queryError, timeoutError } from '../engine-error.ts'
import { killStatement } from '../kill-statement.ts'
import { formatParams, stringLiteral } from '../query-param.ts'
import {
  answerSettings,
  insertSettings,
  limitSettings,
  type StatementSettings,
} from '../statement-settings.ts'
import { filePatterns, requireFiles } from './block-files.ts'
import { ChdbConnection, type ChdbStatement, failureOf } from './chdb-connection.ts'
import { Lane } from './lane.ts'
import { requireThreads } from './threads.ts'

export interface ChdbEngineOptions {
  /** Created when missing. One directory per process. */
  readonly directory: string
  readonly clock: Clock
  readonly database?: string
  readonly queryConnections?: number
  /** Bounds of the engine's memory: all of it, and of it the mark cache. */
  readonly memoryBytesMax?: number
  readonly markCacheBytesMax?: number
  /** Statements that may wait for a free connection of their lane. */
  readonly waitingMax?: number
  /** 'unchecked' starts although UV_THREADPOOL_SIZE leaves too few threads: only for tests. */
  readonly threads?: 'checked' | 'unchecked'
}

/** No bound of memory but the engine's own: a migration must not fail where there is room. */
const maintenanceLimits = { timeMs: 600_000, memoryBytes: 0 }
const killRepeatMs = 20
/** The engine checks its own time limit between blocks; this much later it is killed from outside. */
const timeoutGraceMs = 1000

/** ClickHouse in the process. Loaded by the main thread only. */
export class ChdbEngine implements Engine, Component {
  readonly name = 'telemetry store (chDB)'
  readonly #options: ChdbEngineOptions
  readonly #database: string
  #keeper: Session | undefined
  #lanes: Readonly<Record<'query' | 'internal' | 'insert', Lane>> | undefined
  #sequence = 0

  constructor(options: ChdbEngineOptions) {
    this.#options = options
    this.#database = options.database ?? 'oriel'
  }

  async start(): Promise<void> {
    const { directory, queryConnections = 3, waitingMax = 64, threads = 'checked' } = this.#options
    if (threads === 'checked') requireThreads(queryConnections)
    if (!/^\w+$/.test(this.#database)) {
      throw new OrielError('config_invalid', `"${this.#database}" is not a name of a database`)
    }
    await mkdir(join(directory, 'incoming'), { recursive: true })
    const path = resolve(directory)
    this.#keeper = new Session(path, { connectionArgs: engineArguments(this.#options) })
    this.#keeper.query(`CREATE DATABASE IF NOT EXISTS ${this.#database} ENGINE = Atomic`)
    const lane = (name: string, size: number) => {
      const connections = Array.from(
        { length: size },
        () => new ChdbConnection(() => new Session(path), this.#database),
      )
      return new Lane(name, connections, waitingMax)
    }
    this.#lanes = {
      query: lane('query', queryConnections),
      internal: lane('internal', 1),
      insert: lane('insert', 1),
    }
  }

  /** Waits for what runs, then releases the directory. */
  async stop(): Promise<void> {
    const lanes = this.#lanes
    if (lanes !== undefined) await Promise.all(Object.values(lanes).map((lane) => lane.close()))
    this.#lanes = undefined
    this.#keeper?.close()
    this.#keeper = undefined
    await drainPending()
  }

  async query<Row>(query: EngineQuery): Promise<EngineResult<Row>> {
    const { limits, signal } = query
    const startedMs = this.#options.clock.monotonicMs()
    const statement = this.#statement(query.sql, query.params ?? {}, {
      ...answerSettings,
      ...limitSettings(limits),
      ...query.settings,
    })
    const text = await this.#lane(query.lane).use((connection) => {
      const leftMs = limits.timeMs + timeoutGraceMs
      return this.#runKillable(connection, statement, { signal, leftMs, query })
    }, signal)
    return { ...parseAnswer<Row>(text), elapsedMs: this.#options.clock.monotonicMs() - startedMs }
  }

  async execute(sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const statement = this.#statement(sql, params, { ...answerSettings, ...limitSettings(maintenanceLimits) })
    await this.#lane('internal').use(async (connection) => {
      await connection.run(statement).catch((error: unknown) => {
        throw queryError(failureOf(error), maintenanceLimits)
      })
    })
  }

  async insert(insert: BlockInsert): Promise<void> {
    const { source } = insert
    if (source.kind === 'files') {
      await this.#insertFiles(insert, source.paths)
      return
    }
    this.#sequence += 1
    const path = resolve(this.#options.directory, 'incoming', `${process.pid}-${this.#sequence}.native`)
    try {
      await writeFile(path, source.chunks)
      await this.#insertFiles(insert, [path])
    } finally {
      await rm(path, { force: true })
    }
  }

  async #insertFiles(insert: BlockInsert, paths: readonly string[]): Promise<void> {
    const { table, columns, token, settings } = insert
    const names = columns.map((name) => `\`${name}\``).join(', ')
    const structure = blockStructure(table, columns)
    const patterns = filePatterns(paths)
    const source = (format: string) =>
      patterns
        .map(
          (pattern) =>
            `SELECT ${format} FROM file(${stringLiteral(pattern)}, Native, ${stringLiteral(structure)})`,
        )
        .join(' UNION ALL ')
    const found = patterns.map((pattern) => `(SELECT count() FROM file(${stringLiteral(pattern)}, One))`)
    const check = this.#statement(`SELECT ${found.join(' + ')} AS files`, {}, answerSettings)
    const inserting = { ...insertSettings, ...settings, insert_deduplication_token: token }
    const statement = this.#statement(`INSERT INTO ${table} (${names}) ${source(names)}`, {}, inserting)
    await this.#lane('insert').use(async (connection) => {
      try {
        requireFiles(parseAnswer<{ readonly files: string }>(await connection.run(check)).rows[0], paths)
        await connection.run(statement)
      } catch (error) {
        throw error instanceof OrielError ? error : insertError(failureOf(error), table)
      }
    })
  }

  #lane(name: 'query' | 'internal' | 'insert'): Lane {
    const lane = this.#lanes?.[name]
    if (lane !== undefined) return lane
    throw new OrielError('store_unavailable', 'the telemetry store is not started', { retryable: true })
  }

  #statement(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    settings: StatementSettings,
  ): ChdbStatement {
    this.#sequence += 1
    return { sql, params: formatParams(params), settings, mark: `oriel-${process.pid}-${this.#sequence}` }
  }

  /** On the calling thread, a few milliseconds: it must work when every other thread is busy. A miss is repeated. */
  #kill(mark: string): void {
    try {
      this.#keeper?.query(killStatement(mark))
    } catch {
      // the next repeat tries again; the engine's own time limit holds in any case
    }
  }

  /** Settles only when the engine has let go of the statement: a cancelled one is gone, not left behind. */
  async #runKillable(
    connection: ChdbConnection,
    statement: ChdbStatement,
    limit: KillLimit,
  ): Promise<string> {
    const { signal, leftMs, query } = limit
    if (signal?.aborted) throw cancelledError(signal.reason)
    let stopped: 'cancelled' | 'late' | undefined
    let finished = false
    const kill = (reason: 'cancelled' | 'late') => {
      stopped ??= reason
      if (finished) return
      this.#kill(statement.mark)
      cancelRepeat = this.#options.clock.after(killRepeatMs, () => kill(reason))
    }
    let cancelRepeat: () => void = () => {}
    const onAbort = () => kill('cancelled')
    signal?.addEventListener('abort', onAbort, { once: true })
    const cancelTimer = this.#options.clock.after(leftMs, () => kill('late'))
    try {
      return await connection.run(statement)
    } catch (error) {
      if (error instanceof OrielError) throw error
      const failure = failureOf(error)
      if (failure.number === 394 && stopped === 'late') throw timeoutError(query.limits, error)
      throw queryError(failure, query.limits)
    } finally {
      finished = true
      cancelRepeat()
      cancelTimer()
      signal?.removeEventListener('abort', onAbort)
    }
  }
}

interface KillLimit {
  readonly signal: AbortSignal | undefined
  readonly leftMs: number
  readonly query: EngineQuery
}

/** Bounds for a small machine; the engine's defaults take most of its memory. */
function engineArguments({
  memoryBytesMax = 2_000_000_000,
  markCacheBytesMax = 128 * 2 ** 20,
}: ChdbEngineOptions) {
  return [
    `--max_server_memory_usage=${memoryBytesMax}`,
    `--mark_cache_size=${markCacheBytesMax}`,
    `--primary_index_cache_size=${64 * 2 ** 20}`,
    `--index_mark_cache_size=${32 * 2 ** 20}`,
    `--text_index_tokens_cache_size=${32 * 2 ** 20}`,
    `--text_index_header_cache_size=${32 * 2 ** 20}`,
    `--text_index_postings_cache_size=${64 * 2 ** 20}`,
    '--uncompressed_cache_size=0',
    '--index_uncompressed_cache_size=0',
    '--mmap_cache_size=0',
    '--background_pool_size=2',
    '--background_schedule_pool_size=4',
    '--background_common_pool_size=2',
    '--background_move_pool_size=1',
    '--background_fetches_pool_size=1',
    '--background_distributed_schedule_pool_size=1',
    '--background_message_broker_schedule_pool_size=1',
  ]
}
