import type { WireReader } from './wire-reader.ts'

export const valueKinds = {
  empty: 0,
  string: 1,
  bool: 2,
  int: 3,
  double: 4,
  array: 5,
  list: 6,
  bytes: 7,
} as const

const scratch = new DataView(new ArrayBuffer(8))

/** One AnyValue laid open: its kind, and its bytes or its number. The last member of the oneof wins. */
export class AnyValue {
  kind: number = valueKinds.empty
  start = 0
  end = 0
  low = 0
  high = 0
  /** Numbers and bools as a double. */
  number = 0

  read(reader: WireReader, start: number, end: number): void {
    this.kind = valueKinds.empty
    reader.at = start
    while (reader.at < end) {
      const tag = reader.tag(end)
      switch (tag) {
        case 10:
        case 42:
        case 50:
        case 58:
          this.end = reader.lengthEnd(end)
          this.start = reader.at
          this.kind = tag >>> 3
          reader.at = this.end
          break
        case 16:
          reader.varint(end)
          this.kind = valueKinds.bool
          this.number = reader.low === 0 && reader.high === 0 ? 0 : 1
          break
        case 24:
          this.#integer(reader, end)
          break
        case 33:
          reader.fixed64(end)
          scratch.setUint32(0, reader.low, true)
          scratch.setUint32(4, reader.high, true)
          this.number = scratch.getFloat64(0, true)
          this.kind = valueKinds.double
          break
        default:
          reader.skip(tag, end)
      }
    }
  }

  #integer(reader: WireReader, end: number): void {
    reader.varint(end)
    this.low = reader.low
    this.high = reader.high
    this.number = (reader.high | 0) * 4294967296 + reader.low
    this.kind = valueKinds.int
  }

  /** Whether a double cannot hold the integer exactly. */
  get beyondDouble(): boolean {
    return this.kind === valueKinds.int && !Number.isSafeInteger(this.number)
  }

  /** The exact decimal digits of an integer. */
  digits(): string {
    if (!this.beyondDouble) return String(this.number)
    return BigInt.asIntN(64, (BigInt(this.high) << 32n) | BigInt(this.low)).toString()
  }
}
