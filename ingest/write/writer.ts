import {
  type Clock,
  type Component,
  OrielError,
  type Random,
  type RetryPolicy,
  retryDelayMs,
} from '@oriel/core'
import type { Engine } from '@oriel/storage'
import type {
  InsertPlan,
  Journal,
  JournalBlocks,
  JournalRange,
  JournalWork,
  PlannedInsert,
} from '../journal/journal.ts'
import type { OnRefusedBlock } from '../journal/refused-block.ts'
import { type BreakerLimits, type BreakerState, CircuitBreaker } from './circuit-breaker.ts'
import { type ColumnsOf, planBlocks, planRange } from './insert-plan.ts'

export interface WriterOptions {
  readonly journal: Journal & JournalBlocks
  readonly engine: Pick<Engine, 'insert'>
  readonly columnsOf: ColumnsOf
  /** Keeps a refused block durably; the range is committed without it. */
  readonly onRefused: OnRefusedBlock
  readonly clock: Clock
  readonly random: Random
  readonly retry?: RetryPolicy
  readonly breaker?: BreakerLimits
}

export interface WriterStats {
  readonly storedRows: number
  readonly storedRanges: number
  readonly refusedRows: number
  readonly refusedBlocks: number
  readonly retries: number
  readonly breaker: BreakerState
  /** Why the last try failed; undefined while the last one succeeded. */
  readonly lastError: string | undefined
}

export const defaultWriterRetry: RetryPolicy = {
  attemptsMax: Number.POSITIVE_INFINITY,
  baseDelayMs: 50,
  delayMaxMs: 5_000,
}
export const defaultWriterBreaker: BreakerLimits = { failuresMax: 5, openMs: 5_000 }

/** Moves ranges from the journal into the store: plan, insert table by table, commit. The only level that retries. */
export class Writer implements Component {
  readonly name = 'writer'
  readonly #options: WriterOptions
  readonly #breaker: CircuitBreaker
  readonly #abort = new AbortController()
  #running: Promise<void> | undefined
  #storedRows = 0
  #storedRanges = 0
  #refusedRows = 0
  #refusedBlocks = 0
  #retries = 0
  #lastError: string | undefined

  constructor(options: WriterOptions) {
    this.#options = options
    this.#breaker = new CircuitBreaker(options.clock, options.breaker ?? defaultWriterBreaker)
  }

  async start(): Promise<void> {
    this.#running = this.#run()
  }

  /** Ends after the insert in hand; what is left in the journal is stored at the next start. */
  async stop(): Promise<void> {
    this.#abort.abort(new OrielError('shutting_down', 'the writer is stopping', { retryable: true }))
    await this.#running
  }

  stats(): WriterStats {
    return {
      storedRows: this.#storedRows,
      storedRanges: this.#storedRanges,
      refusedRows: this.#refusedRows,
      refusedBlocks: this.#refusedBlocks,
      retries: this.#retries,
      breaker: this.#breaker.state,
      lastError: this.#lastError,
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort
    for await (const work of this.#options.journal.subscribe(signal)) {
      try {
        await this.#store(work)
      } catch (error) {
        if (signal.aborted) return
        throw error
      }
    }
  }

  async #store({ range, ...work }: JournalWork): Promise<void> {
    const { journal, columnsOf } = this.#options
    let plan: InsertPlan
    if (work.kind === 'plan') plan = work.plan
    else {
      plan = await this.#persist(async () => {
        const planned = planRange(range, columnsOf)
        await journal.plan(range, planned)
        return planned
      })
    }
    await this.#insertAll(range, plan)
    await this.#persist(() => journal.commit(plan))
    this.#storedRanges += 1
  }

  async #insertAll(range: JournalRange, plan: InsertPlan): Promise<void> {
    let current = plan
    const waiting = [...plan.inserts]
    for (let insert = waiting.shift(); insert !== undefined; insert = waiting.shift()) {
      const refusal = await this.#insert(insert)
      if (refusal === undefined) {
        this.#storedRows += insert.rows
        continue
      }
      const blocks = await this.#persist(() => this.#options.journal.split(range, insert.table))
      const alone = blocks.find((block) => insert.token.endsWith(`:${block.block.blockId}`))
      if (alone !== undefined || blocks.length === 1) {
        await this.#refuse(range, alone ?? blocks[0], refusal)
        continue
      }
      const next = planBlocks(current, insert, blocks)
      await this.#persist(() => this.#options.journal.plan(range, next))
      waiting.unshift(...next.inserts.filter((of) => of.table === insert.table))
      current = next
    }
  }

  async #refuse(
    range: JournalRange,
    of: { readonly block: Parameters<OnRefusedBlock>[0]['block'] } | undefined,
    refusal: OrielError,
  ): Promise<void> {
    if (of === undefined) return
    const { code, message } = refusal
    await this.#persist(() => this.#options.onRefused({ block: of.block, code, message, rangeId: range.id }))
    this.#refusedBlocks += 1
    this.#refusedRows += of.block.rows
  }

  /** Returns the refusal, or undefined when the rows are stored. Anything but a refusal is tried again until the writer stops. */
  async #insert(insert: PlannedInsert): Promise<OrielError | undefined> {
    try {
      await this.#persist(() => this.#options.engine.insert(insert))
      return undefined
    } catch (error) {
      if (error instanceof OrielError && error.code === 'store_refused') return error
      throw error
    }
  }

  /** Tries until it succeeds, is refused, or the writer stops; with full jitter, behind the circuit breaker. */
  async #persist<T>(run: () => Promise<T>): Promise<T> {
    const { clock, random, retry = defaultWriterRetry } = this.#options
    const { signal } = this.#abort
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted()
      try {
        const result = await run()
        this.#breaker.succeeded()
        this.#lastError = undefined
        return result
      } catch (error) {
        if (error instanceof OrielError && error.code === 'store_refused') throw error
        this.#lastError = error instanceof Error ? error.message : String(error)
        this.#retries += 1
        this.#breaker.failed()
      }
      await clock.sleep(Math.max(this.#breaker.waitMs, retryDelayMs(retry, attempt, random)), signal)
    }
  }
}
