import { type Clock, formatBytes, formatDurationMs, OrielError } from '@oriel/core'
import type { Engine } from '@oriel/storage'
import type { Statement } from '../compile/statement.ts'
import { type ResolvedRange, resolveRange } from '../compile/time-range.ts'
import type { QuerySettings } from '../config.ts'
import type { AnswerCut, AnswerMeta, TimeRange } from '../contract.ts'

/** Knows what is on its way: the receive time of the oldest event not yet stored, or now. */
export interface Completeness {
  completeThroughMs(): number
}

export interface ReaderDependencies {
  readonly engine: Engine
  readonly clock: Clock
  readonly completeness: Completeness
  readonly settings: QuerySettings
}

export interface Caller {
  readonly tenant: string
  readonly requestId: string
  /** Aborting stops the query in the engine. */
  readonly signal?: AbortSignal
}

/** The only door from the API to the telemetry store: every question is opened for one tenant. */
export class Reader {
  readonly #dependencies: ReaderDependencies

  constructor(dependencies: ReaderDependencies) {
    this.#dependencies = dependencies
  }

  open(caller: Caller): Inquiry {
    return new Inquiry(this.#dependencies, caller)
  }
}

/** One question: several statements under one tenant, one set of limits and one account of what they cost. */
export class Inquiry {
  readonly settings: QuerySettings
  readonly nowMs: number
  readonly completeThroughMs: number
  readonly #dependencies: ReaderDependencies
  readonly #caller: Caller
  readonly #startedMs: number
  readonly #cuts: AnswerCut[] = []
  #rowsRead = 0
  #bytesRead = 0
  #weighted = false
  #unknownSampling = false

  constructor(dependencies: ReaderDependencies, caller: Caller) {
    this.#dependencies = dependencies
    this.#caller = caller
    this.settings = dependencies.settings
    this.#startedMs = dependencies.clock.monotonicMs()
    this.nowMs = dependencies.clock.nowMs()
    // taken before the first statement: what is stored later may or may not be in the answer
    this.completeThroughMs = Math.min(dependencies.completeness.completeThroughMs(), this.nowMs)
  }

  range(given: TimeRange): ResolvedRange {
    return resolveRange(given, this.nowMs, this.settings.rangeMax)
  }

  /** Runs a statement in the query lane, as this tenant and no other. */
  async read<Row>(
    statement: Statement,
    settings: Readonly<Record<string, string | number>> = {},
  ): Promise<readonly Row[]> {
    if ('tenant' in statement.params) throw new OrielError('internal', 'a statement bound its own tenant')
    if (!statement.sql.includes('{tenant:String}'))
      throw new OrielError('internal', 'a statement names no tenant')
    return this.#run(statement, { tenant: this.#caller.tenant }, settings)
  }

  /** Engine facts that belong to no tenant: sizes of tables, the syntax tree of a text. */
  async readSystem<Row>(statement: Statement): Promise<readonly Row[]> {
    return this.#run(statement, {}, {})
  }

  /** Expert SQL, already checked: the tenant is a filter on every telemetry table, outside the text. */
  async readFiltered<Row>(
    statement: Statement,
    settings: Readonly<Record<string, string | number>>,
  ): Promise<readonly Row[]> {
    return this.#run(statement, {}, settings)
  }

  get tenant(): string {
    return this.#caller.tenant
  }

  /** Something was left out: said, never silent. */
  cut(cut: AnswerCut): void {
    if (!this.#cuts.some((known) => known.what === cut.what)) this.#cuts.push(cut)
  }

  sampled(seen: { readonly weighted: boolean; readonly unknown: boolean }): void {
    this.#weighted ||= seen.weighted
    this.#unknownSampling ||= seen.unknown
  }

  meta(): AnswerMeta {
    const sampling = this.#weighted ? 'weighted' : this.#unknownSampling ? 'unknown' : 'none'
    return {
      requestId: this.#caller.requestId,
      elapsedMs: Math.round((this.#dependencies.clock.monotonicMs() - this.#startedMs) * 100) / 100,
      rowsRead: this.#rowsRead,
      bytesRead: this.#bytesRead,
      completeThroughMs: this.completeThroughMs,
      sampling,
      cuts: this.#cuts,
    }
  }

  async #run<Row>(
    statement: Statement,
    bound: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, string | number>>,
  ): Promise<readonly Row[]> {
    const { timeMax, memoryMax, resultRowsMax, readRowsMax } = this.settings
    const { signal } = this.#caller
    if (signal?.aborted === true) throw new OrielError('query_cancelled', 'the client closed the request')
    try {
      const result = await this.#dependencies.engine.query<Row>({
        sql: statement.sql,
        params: { ...statement.params, ...bound },
        lane: 'query',
        limits: { timeMs: timeMax, memoryBytes: memoryMax, resultRows: resultRowsMax, readRows: readRowsMax },
        ...(Object.keys(settings).length === 0 ? {} : { settings }),
        ...(signal === undefined ? {} : { signal }),
      })
      this.#rowsRead += result.rowsRead
      this.#bytesRead += result.bytesRead
      return result.rows
    } catch (error) {
      throw inPlainLanguage(error, this.settings)
    }
  }
}

/** The engine knows numbers, the reader knows the settings they came from. */
function inPlainLanguage(error: unknown, settings: QuerySettings): unknown {
  if (!(error instanceof OrielError)) return error
  const say = (message: string) =>
    new OrielError(error.code, message, { cause: error, retryable: error.retryable, details: error.details })
  switch (error.code) {
    case 'query_timeout':
      return say(`the query ran longer than ${formatDurationMs(settings.timeMax)} (query.timeMax)`)
    case 'query_memory':
      return say(`the query needs more memory than ${formatBytes(settings.memoryMax)} (query.memoryMax)`)
    case 'query_rows':
      return say(
        `the query reads more than ${settings.readRowsMax} rows (query.readRowsMax) or returns more than ${settings.resultRowsMax} (query.resultRowsMax)`,
      )
    case 'query_cancelled':
      return say('the client closed the request')
    default:
      return error
  }
}
