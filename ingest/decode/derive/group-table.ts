/** Tuples of `width` whole numbers to group numbers 0, 1, 2 …; open addressing, reused between blocks. */
export class GroupTable {
  size = 0
  readonly #width: number
  #slots = new Int32Array(2048)
  #cells: Int32Array

  constructor(width: number) {
    this.#width = width
    this.#cells = new Int32Array(width * 1024)
  }

  /** The group of key[0, width), made when new (then its number is the size before). */
  find(key: Int32Array): number {
    let slot = this.#hash(key, 0)
    for (;;) {
      const group = (this.#slots[slot] as number) - 1
      if (group < 0) return this.#insert(key, slot)
      if (this.#equals(group, key)) return group
      slot = (slot + 1) & (this.#slots.length - 1)
    }
  }

  cell(group: number, index: number): number {
    return this.#cells[group * this.#width + index] as number
  }

  #hash(key: Int32Array, from: number): number {
    let hash = 0
    for (let index = 0; index < this.#width; index++) {
      hash = Math.imul(hash ^ (key[from + index] as number), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    return hash & (this.#slots.length - 1)
  }

  #equals(group: number, key: Int32Array): boolean {
    const from = group * this.#width
    for (let index = 0; index < this.#width; index++)
      if (this.#cells[from + index] !== key[index]) return false
    return true
  }

  #insert(key: Int32Array, slot: number): number {
    const group = this.size++
    if (this.size * this.#width > this.#cells.length) {
      const grown = new Int32Array(this.#cells.length * 2)
      grown.set(this.#cells)
      this.#cells = grown
    }
    for (let index = 0; index < this.#width; index++) {
      this.#cells[group * this.#width + index] = key[index] as number
    }
    this.#slots[slot] = group + 1
    if (this.size * 2 > this.#slots.length) this.#rehash()
    return group
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let group = 0; group < this.size; group++) {
      let slot = this.#hash(this.#cells, group * this.#width)
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1)
      this.#slots[slot] = group + 1
    }
  }

  reset(): void {
    this.size = 0
    if (this.#slots.length > 1 << 18) {
      this.#slots = new Int32Array(2048)
      this.#cells = new Int32Array(this.#width * 1024)
    } else this.#slots.fill(0)
  }
}
