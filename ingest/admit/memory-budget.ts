import { formatBytes, OrielError } from '@oriel/core'

/** Bytes of requests that were admitted and not yet answered. Counted before anything of them is decoded. */
export class MemoryBudget {
  readonly #bytesMax: number
  #bytes = 0
  #refused = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  get refused(): number {
    return this.#refused
  }

  /** Throws overloaded, having reserved nothing, when the bytes do not fit. */
  reserve(bytes: number): Reservation {
    const reservation = new Reservation((change) => this.#change(change))
    reservation.grow(bytes)
    return reservation
  }

  #change(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.#bytesMax) {
      this.#refused += 1
      const limit = `${formatBytes(this.#bytesMax)} (ingest.memoryBudgetBytes)`
      throw new OrielError(
        'overloaded',
        `request of ${bytes} bytes exceeds what is left of the memory budget ${limit}: ${this.#bytes} bytes are in flight`,
        { retryable: true },
      )
    }
    this.#bytes += bytes
  }
}

/** One request's share of the budget. */
export class Reservation {
  readonly #change: (bytes: number) => void
  #bytes = 0

  constructor(change: (bytes: number) => void) {
    this.#change = change
  }

  /** For bodies of unknown length. Throws overloaded when the budget is used up; what was reserved stays so until release. */
  grow(bytes: number): void {
    this.#change(bytes)
    this.#bytes += bytes
  }

  /** May be called more than once. */
  release(): void {
    this.#change(-this.#bytes)
    this.#bytes = 0
  }
}
