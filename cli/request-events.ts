import { randomUUID } from 'node:crypto'
import type { Clock, Component, Logger } from '@oriel/core'
import type { DecodePool } from '@oriel/ingest'
import type { RequestEvent, RequestEvents } from '@oriel/query'

const flushIntervalMs = 500
const waitingMax = 5000

/** Our own wide event per API request, into our own store under the caller's tenant. What overflows is counted and logged. */
export class StoredRequestEvents implements RequestEvents, Component {
  readonly name = 'request events'
  readonly #pool: () => DecodePool
  readonly #clock: Clock
  readonly #logger: Logger
  #waiting: RequestEvent[] = []
  #dropped = 0
  #cancel: (() => void) | undefined

  constructor(pool: () => DecodePool, clock: Clock, logger: Logger) {
    this.#pool = pool
    this.#clock = clock
    this.#logger = logger
  }

  emit(event: RequestEvent): void {
    if (this.#waiting.length >= waitingMax) this.#dropped += 1
    else this.#waiting.push(event)
  }

  async start(): Promise<void> {
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    await this.#flush()
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(flushIntervalMs, () => {
      void this.#flush()
      this.#schedule()
    })
  }

  async #flush(): Promise<void> {
    const events = this.#waiting
    this.#waiting = []
    if (this.#dropped > 0) this.#logger.warn('request events dropped', { dropped: this.#dropped })
    this.#dropped = 0
    for (const [tenant, group] of Map.groupBy(events, (event) => event.tenant)) {
      const lines = group.map((event) => JSON.stringify(wideEvent(event))).join('\n')
      try {
        await this.#pool().decode({
          tenant,
          signal: 'events',
          encoding: 'json',
          compression: 'none',
          body: new TextEncoder().encode(lines),
          receivedAtMs: this.#clock.nowMs(),
          digest: randomUUID(),
        })
      } catch (error) {
        this.#logger.warn('request events not stored', { events: group.length, error: String(error) })
      }
    }
  }
}

function wideEvent(event: RequestEvent): Record<string, unknown> {
  return {
    time: new Date(event.timeMs).toISOString(),
    service: 'oriel',
    name: `${event.method} ${event.route}`,
    duration_ms: event.durationMs,
    error: event.status >= 500,
    request_id: event.requestId,
    'http.request.method': event.method,
    'http.route': event.route,
    'http.response.status_code': event.status,
    'oriel.actor': event.actor,
    'oriel.rows_read': event.rowsRead,
    'oriel.bytes_read': event.bytesRead,
    ...(event.errorCode === '' ? {} : { 'error.type': event.errorCode }),
  }
}
