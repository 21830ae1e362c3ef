const shrinkAbove = 64 * 1024 * 1024

/** A growing byte buffer that keeps its memory between blocks. Everything is little-endian, as Native is. */
export class ByteBuffer {
  bytes: Buffer
  length = 0
  readonly #initial: number

  constructor(initialBytes = 4096) {
    this.#initial = initialBytes
    this.bytes = Buffer.allocUnsafeSlow(initialBytes)
  }

  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.#grow(count)
  }

  #grow(count: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  u8(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  u32(value: number): void {
    this.reserve(4)
    this.bytes.writeUInt32LE(value >>> 0, this.length)
    this.length += 4
  }

  u64(value: number): void {
    this.u32(value % 4294967296)
    this.u32(Math.floor(value / 4294967296))
  }

  varint(value: number): void {
    this.reserve(6)
    let rest = value
    while (rest >= 128) {
      this.bytes[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** Copies [start, end); short runs in a loop, because a call into the engine's copy costs more than the bytes. */
  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start
    this.reserve(count)
    const target = this.bytes
    let at = this.length
    if (count < 48) {
      for (let from = start; from < end; from++) target[at++] = source[from] as number
    } else {
      target.set(source.subarray(start, end), at)
      at += count
    }
    this.length = at
  }

  /** A string as Native writes it: its length as a varint, then its bytes. */
  string(source: Uint8Array, start: number, end: number): void {
    this.varint(end - start)
    this.copy(source, start, end)
  }

  text(value: string): void {
    const count = Buffer.byteLength(value)
    this.varint(count)
    this.rawText(value, count)
  }

  rawText(value: string, byteCount = Buffer.byteLength(value)): void {
    this.reserve(byteCount)
    this.bytes.write(value, this.length)
    this.length += byteCount
  }

  fill(value: number, count: number): void {
    this.reserve(count)
    this.bytes.fill(value, this.length, this.length + count)
    this.length += count
  }

  /** Empties it; memory far above the usual is given back, so that one huge request is not paid for ever. */
  reset(): void {
    this.length = 0
    if (this.bytes.length > Math.max(shrinkAbove, this.#initial))
      this.bytes = Buffer.allocUnsafeSlow(this.#initial)
  }

  /** A copy in memory of its own, ready to be transferred. */
  take(): Uint8Array {
    const taken = new Uint8Array(this.length)
    taken.set(this.bytes.subarray(0, this.length))
    return taken
  }
}
