export interface ValueLimits {
  /** Distinct values kept per tenant, service, key and hour; a key beyond it is of high cardinality and gets no more. */
  readonly valuesPerKeyMax: number
  readonly valueBytesMax: number
  /** Distinct values remembered by one worker over all keys; when full, it forgets all and starts again. */
  readonly memoryMax: number
}

export const defaultValueLimits: ValueLimits = { valuesPerKeyMax: 50, valueBytesMax: 128, memoryMax: 100_000 }

/** Which attribute values were written to the catalogue already, for the life of the worker. */
export class ValueMemory {
  readonly #limits: ValueLimits
  readonly #keys = new Map<string, Set<string>>()
  #size = 0
  /** How often the memory was full and was emptied. */
  forgotten = 0

  constructor(limits: ValueLimits) {
    this.#limits = limits
  }

  /** The values known for a key, to be asked once per key and block. */
  values(key: string): Set<string> {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const fresh = new Set<string>()
    this.#keys.set(key, fresh)
    this.#size++
    return fresh
  }

  /** Whether the key takes no more values. */
  full(values: Set<string>): boolean {
    return values.size >= this.#limits.valuesPerKeyMax
  }

  /** True when the value is new and was noted. */
  note(values: Set<string>, value: string): boolean {
    if (this.full(values) || values.has(value)) return false
    values.add(value)
    this.#size++
    return true
  }

  /** Called between blocks: forgets everything once the memory is full. */
  trim(): void {
    if (this.#size > this.#limits.memoryMax) {
      this.clear()
      this.forgotten++
    }
  }

  clear(): void {
    this.#keys.clear()
    this.#size = 0
  }
}
