import type { DecodeOutcome, DecodePool, DecodeRequest, WorkerPool } from '@oriel/ingest'

/** A decode pool that knows how long its oldest request has been waiting to become durable. */
export class DecodeWatch implements DecodePool {
  readonly #pool: WorkerPool
  readonly #pending = new Map<number, number>()
  #sequence = 0

  constructor(pool: WorkerPool) {
    this.#pool = pool
  }

  /** Receive time of the oldest request not yet in the journal; undefined when there is none. */
  get oldestReceivedAtMs(): number | undefined {
    return this.#pending.values().next().value
  }

  /** Workers that died and were replaced since the start. */
  get crashes(): number {
    return this.#pool.crashes
  }

  async decode(request: DecodeRequest): Promise<DecodeOutcome> {
    const id = this.#sequence++
    this.#pending.set(id, request.receivedAtMs)
    try {
      return await this.#pool.decode(request)
    } finally {
      this.#pending.delete(id)
    }
  }

  start(): Promise<void> {
    return this.#pool.start()
  }

  stop(): Promise<void> {
    return this.#pool.stop()
  }
}
