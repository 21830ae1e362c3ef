/** Where a reader is inside a document, kept as two flat stacks so that moving costs no allocation. */
export class JsonPath {
  readonly #names: string[] = []
  readonly #indexes: number[] = []
  #depth = 0

  enter(name: string): void {
    this.#names[this.#depth] = name
    this.#indexes[this.#depth] = -1
    this.#depth++
  }

  /** Names the element of the array entered last. */
  at(index: number): void {
    this.#indexes[this.#depth - 1] = index
  }

  leave(): void {
    this.#depth--
  }

  /** `resourceSpans[0].scopeSpans[2].spans[1].name`; '' at the root. */
  toString(): string {
    let text = ''
    for (let level = 0; level < this.#depth; level++) {
      const index = this.#indexes[level] ?? -1
      const name = this.#names[level] ?? ''
      text += (level > 0 && name !== '' ? '.' : '') + name + (index < 0 ? '' : `[${index}]`)
    }
    return text
  }
}
