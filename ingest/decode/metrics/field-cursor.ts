import type { WireReader } from '../wire/wire-reader.ts'

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

const scratch = new DataView(new ArrayBuffer(8))

/**
 * Walks the fields of one message: `next` leaves a field's number and wire type, and its value in `low`/`high` (numbers) or
 * `start`/`stop` (bytes). An inner cursor moves the same reader and must be read to its end before the outer one goes on.
 */
export class FieldCursor {
  readonly reader: WireReader
  readonly end: number
  field = 0
  wireType = 0
  low = 0
  high = 0
  start = 0
  stop = 0

  constructor(reader: WireReader, start: number, end: number) {
    this.reader = reader
    this.end = end
    reader.at = start
  }

  /** Reads the next field whole. False at the end of the message. */
  next(): boolean {
    const { reader, end } = this
    if (reader.at >= end) return false
    const tag = reader.tag(end)
    this.field = tag >>> 3
    this.wireType = tag & 7
    if (this.wireType === wireTypes.bytes) {
      this.stop = reader.lengthEnd(end)
      this.start = reader.at
      reader.at = this.stop
    } else if (this.wireType === wireTypes.varint) this.varint()
    else if (this.wireType === wireTypes.fixed64) this.fixed64()
    else reader.skip(tag, end)
    return true
  }

  /** True while elements of a packed run remain. */
  get remains(): boolean {
    return this.reader.at < this.end
  }

  inside(): FieldCursor {
    return new FieldCursor(this.reader, this.start, this.stop)
  }

  varint(): void {
    this.reader.varint(this.end)
    this.low = this.reader.low
    this.high = this.reader.high
  }

  fixed64(): void {
    this.reader.fixed64(this.end)
    this.low = this.reader.low
    this.high = this.reader.high
  }

  /** The 64 bits read last as a double. */
  double(): number {
    scratch.setUint32(0, this.low, true)
    scratch.setUint32(4, this.high, true)
    return scratch.getFloat64(0, true)
  }

  /** The varint read last as a sint32. */
  zigzag(): number {
    return (this.low >>> 1) ^ -(this.low & 1)
  }
}
