import { randomBytes } from 'node:crypto'

/** Ids unique across restarts at the price of a counter: a random start, then one more each time. */
export class RequestIds {
  readonly #prefix = randomBytes(6).toString('hex')
  #next = 0

  next(): string {
    this.#next += 1
    return `${this.#prefix}-${this.#next.toString(36)}`
  }
}
