/** Pairs of byte offsets, kept flat and reused. */
export class Ranges {
  #offsets = new Uint32Array(64)
  count = 0

  add(start: number, end: number): void {
    if (this.count * 2 === this.#offsets.length) {
      const grown = new Uint32Array(this.#offsets.length * 2)
      grown.set(this.#offsets)
      this.#offsets = grown
    }
    this.#offsets[this.count * 2] = start
    this.#offsets[this.count * 2 + 1] = end
    this.count++
  }

  start(index: number): number {
    return this.#offsets[index * 2] as number
  }

  end(index: number): number {
    return this.#offsets[index * 2 + 1] as number
  }

  clear(): void {
    this.count = 0
  }
}
