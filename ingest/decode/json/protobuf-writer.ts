import { OrielError } from '@oriel/core'

/** Appends protobuf wire format to one growing buffer. Nothing is checked here: the caller knows the field types. */
export class ProtobufWriter {
  bytes: Buffer
  length = 0

  readonly #lengthMax: number

  /** What would grow beyond `lengthMax` is malformed: some JSON unfolds to far more than its own size. */
  constructor(capacityBytes: number, lengthMax = Number.POSITIVE_INFINITY) {
    this.#lengthMax = lengthMax
    this.bytes = Buffer.allocUnsafe(Math.max(64, capacityBytes))
  }

  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    if (needed > this.#lengthMax) {
      throw new OrielError(
        'malformed',
        `nested names unfold to more than the maximum ${this.#lengthMax} bytes`,
      )
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  varint(value: number): void {
    this.reserve(5)
    let rest = value >>> 0
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  varint64(low: number, high: number): void {
    this.reserve(10)
    let lowRest = low >>> 0
    let highRest = high >>> 0
    while (highRest > 0) {
      this.bytes[this.length++] = (lowRest & 127) | 128
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0
      highRest >>>= 7
    }
    this.varint(lowRest)
  }

  fixed32(value: number): void {
    this.reserve(4)
    this.bytes.writeUInt32LE(value >>> 0, this.length)
    this.length += 4
  }

  fixed64(low: number, high: number): void {
    this.fixed32(low)
    this.fixed32(high)
  }

  double(value: number): void {
    this.reserve(8)
    this.bytes.writeDoubleLE(value, this.length)
    this.length += 8
  }

  /** Length and bytes of source[start, end). */
  block(source: Buffer, start: number, end: number): void {
    const size = end - start
    this.varint(size)
    this.reserve(size)
    if (size > 32) {
      source.copy(this.bytes, this.length, start, end)
    } else {
      for (let i = 0; i < size; i++) this.bytes[this.length + i] = source[start + i] as number
    }
    this.length += size
  }

  /** Begins a length-delimited field: one byte is kept for its length. Returns what `close` wants. */
  open(tag: number): number {
    this.varint(tag)
    this.reserve(1)
    return ++this.length
  }

  /** Writes the length; a long one moves the content, so that varints stay as short as the standard wants. */
  close(start: number): void {
    const size = this.length - start
    if (size < 128) {
      this.bytes[start - 1] = size
      return
    }
    const extra = size < 0x4000 ? 1 : size < 0x200000 ? 2 : size < 0x10000000 ? 3 : 4
    this.reserve(extra)
    this.bytes.copyWithin(start + extra, start, this.length)
    const end = this.length + extra
    this.length = start - 1
    this.varint(size)
    this.length = end
  }

  /** Takes every occurrence of a field out of the message that began at `start` and reaches to the end. */
  drop(start: number, fieldNumber: number): void {
    let to = start
    let from = start
    while (from < this.length) {
      const fieldStart = from
      const [tag, bodyStart] = this.#readVarint(from)
      const next = this.#fieldEnd(tag & 7, bodyStart)
      from = next
      if (tag >>> 3 === fieldNumber) continue
      this.bytes.copyWithin(to, fieldStart, next)
      to += next - fieldStart
    }
    this.length = to
  }

  result(): Buffer {
    return this.bytes.subarray(0, this.length)
  }

  #fieldEnd(wireType: number, start: number): number {
    if (wireType === 1) return start + 8
    if (wireType === 5) return start + 4
    const [value, next] = this.#readVarint(start)
    return wireType === 2 ? next + value : next
  }

  #readVarint(start: number): [value: number, next: number] {
    let value = 0
    let scale = 1
    for (let at = start; ; at++) {
      const byte = this.bytes[at] as number
      value += (byte & 127) * scale
      if (byte < 128) return [value, at + 1]
      scale *= 128
    }
  }
}
