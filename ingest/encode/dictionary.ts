import { ByteBuffer } from './byte-buffer.ts'

const initialSlots = 4096
const shrinkAboveSlots = 1 << 18

/**
 * Byte strings to small numbers, without making a JavaScript string. Id 0 is the empty string; `known` follow as 1, 2, …
 * and have these ids in every block. `bytes` is the dictionary as Native writes it.
 */
export class Dictionary {
  readonly bytes = new ByteBuffer(16 * 1024)
  size = 0
  #slots = new Int32Array(initialSlots)
  #starts = new Uint32Array(initialSlots)
  #lengths = new Uint32Array(initialSlots)
  #hashes = new Int32Array(initialSlots)
  readonly #known: readonly Buffer[]

  constructor(known: readonly string[] = []) {
    this.#known = known.map((text) => Buffer.from(text))
    this.reset()
  }

  /** The id of source[start, end), added when new. */
  add(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (source[at] as number), 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (;;) {
      const id = (this.#slots[slot] as number) - 1
      if (id < 0) return this.#insert(hash, source, start, end)
      if (this.#hashes[id] === hash && this.is(id, source, start, end)) return id
      slot = (slot + 1) & mask
    }
  }

  /** Whether the id stands for source[start, end): cheaper than `add` when the caller can guess. */
  is(id: number, source: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (id >= this.size || this.#lengths[id] !== length) return false
    const bytes = this.bytes.bytes
    const from = this.#starts[id] as number
    for (let at = 0; at < length; at++) if (bytes[from + at] !== source[start + at]) return false
    return true
  }

  addText(value: string): number {
    const bytes = Buffer.from(value)
    return this.add(bytes, 0, bytes.length)
  }

  start(id: number): number {
    return this.#starts[id] ?? 0
  }

  end(id: number): number {
    return this.start(id) + (this.#lengths[id] ?? 0)
  }

  text(id: number): string {
    return this.bytes.bytes.toString('utf8', this.start(id), this.end(id))
  }

  #insert(hash: number, source: Uint8Array, start: number, end: number): number {
    if (this.size * 2 >= this.#slots.length) this.#rehash()
    const id = this.size++
    this.bytes.varint(end - start)
    this.#starts[id] = this.bytes.length
    this.#lengths[id] = end - start
    this.#hashes[id] = hash
    this.bytes.copy(source, start, end)
    this.#place(hash, id)
    return id
  }

  #place(hash: number, id: number): void {
    const mask = this.#slots.length - 1
    let slot = hash & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = id + 1
  }

  #rehash(): void {
    const count = this.#slots.length * 2
    this.#slots = new Int32Array(count)
    const [starts, lengths, hashes] = [this.#starts, this.#lengths, this.#hashes]
    this.#starts = new Uint32Array(count)
    this.#starts.set(starts)
    this.#lengths = new Uint32Array(count)
    this.#lengths.set(lengths)
    this.#hashes = new Int32Array(count)
    this.#hashes.set(hashes)
    for (let id = 0; id < this.size; id++) this.#place(hashes[id] as number, id)
  }

  reset(): void {
    this.bytes.reset()
    this.size = 0
    if (this.#slots.length > shrinkAboveSlots) {
      this.#slots = new Int32Array(initialSlots)
      this.#starts = new Uint32Array(initialSlots)
      this.#lengths = new Uint32Array(initialSlots)
      this.#hashes = new Int32Array(initialSlots)
    } else this.#slots.fill(0)
    this.addText('')
    for (const text of this.#known) this.add(text, 0, text.length)
  }
}
