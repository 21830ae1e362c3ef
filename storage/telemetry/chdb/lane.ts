import { OrielError } from '@oriel/core'
import { cancelledError } from '../engine-error.ts'
import type { ChdbConnection } from './chdb-connection.ts'

interface Waiter {
  readonly take: (connection: ChdbConnection) => void
  readonly refuse: (error: Error) => void
}

/** A few connections behind one bounded queue, first come first served. */
export class Lane {
  readonly name: string
  readonly #free: ChdbConnection[]
  readonly #all: readonly ChdbConnection[]
  readonly #waitingMax: number
  readonly #waiting: Waiter[] = []
  #closed: (() => void) | undefined

  constructor(name: string, connections: readonly ChdbConnection[], waitingMax: number) {
    this.name = name
    this.#all = connections
    this.#free = [...connections]
    this.#waitingMax = waitingMax
  }

  /** Runs the work on a free connection; rejects with overloaded when the queue is full, query_cancelled when aborted in it. */
  async use<T>(work: (connection: ChdbConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const connection = await this.#take(signal)
    try {
      return await work(connection)
    } finally {
      this.#giveBack(connection)
    }
  }

  /** Refuses what waits, lets what runs finish, closes the connections. */
  async close(): Promise<void> {
    const stopping = new OrielError('shutting_down', `the ${this.name} lane is closing`, { retryable: true })
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(stopping)
    await new Promise<void>((resolve) => {
      this.#closed = resolve
      if (this.#free.length === this.#all.length) resolve()
    })
    for (const connection of this.#all) connection.close()
  }

  #take(signal: AbortSignal | undefined): Promise<ChdbConnection> {
    if (this.#closed !== undefined) {
      const error = new OrielError('shutting_down', `the ${this.name} lane is closed`, { retryable: true })
      return Promise.reject(error)
    }
    if (signal?.aborted) return Promise.reject(cancelledError(signal.reason))
    const connection = this.#free.pop()
    if (connection !== undefined) return Promise.resolve(connection)
    if (this.#waiting.length >= this.#waitingMax) {
      const message = `${this.#waiting.length} statements wait in the ${this.name} lane, the maximum`
      return Promise.reject(new OrielError('overloaded', message, { retryable: true }))
    }
    return this.#queue(signal)
  }

  #queue(signal: AbortSignal | undefined): Promise<ChdbConnection> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(cancelledError(signal?.reason))
      }
      const waiter: Waiter = {
        take: (connection) => {
          signal?.removeEventListener('abort', leave)
          resolve(connection)
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', leave)
          reject(error)
        },
      }
      this.#waiting.push(waiter)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #giveBack(connection: ChdbConnection): void {
    const next = this.#waiting.shift()
    if (next !== undefined) {
      next.take(connection)
      return
    }
    this.#free.push(connection)
    if (this.#free.length === this.#all.length) this.#closed?.()
  }
}
