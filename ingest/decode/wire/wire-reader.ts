import { OrielError } from '@oriel/core'

const tooLong = 'a varint is longer than 10 bytes'

/**
 * A cursor over protobuf bytes. Every read takes the end of the message it is in and never passes it;
 * what does not fit is an OrielError `malformed` that names the byte offset.
 */
export class WireReader {
  bytes: Uint8Array
  at = 0
  /** The halves of the 64-bit value read last. */
  low = 0
  high = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  fail(what: string, at = this.at): never {
    throw new OrielError('malformed', `the protobuf body is malformed at byte ${at}: ${what}`, {
      details: { byte: at },
    })
  }

  /** Field number and wire type as one number; groups, unknown wire types and field 0 are malformed. */
  tag(end: number): number {
    const first = this.bytes[this.at] as number
    if (first < 128 && first > 7 && (first & 7) < 6 && (first & 7) !== 3 && (first & 7) !== 4) {
      this.at++
      return first
    }
    return this.#longTag(end)
  }

  #longTag(end: number): number {
    const at = this.at
    this.varint(end)
    const tag = this.low
    const wireType = tag & 7
    if (this.high !== 0 || tag >>> 3 === 0) this.fail('a field number is out of range', at)
    if (wireType === 3 || wireType === 4) this.fail('groups are not part of the protocol', at)
    if (wireType > 5) this.fail(`wire type ${wireType} does not exist`, at)
    return tag
  }

  /** Reads a length; returns where the value ends, with `at` at its start. */
  lengthEnd(end: number): number {
    const at = this.at
    const first = this.bytes[at] as number
    let length = first
    if (at < end && first < 128) this.at = at + 1
    else {
      this.varint(end)
      if (this.high !== 0) this.fail('a length is out of range', at)
      length = this.low
    }
    const valueEnd = this.at + length
    if (valueEnd > end) this.fail(`a length of ${length} runs past the end of its message at byte ${end}`, at)
    return valueEnd
  }

  /** Reads a varint of up to 64 bits into `low` and `high`. */
  varint(end: number): void {
    const start = this.at
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      if (this.at >= end) this.fail('a varint runs past the end of its message', start)
      if (shift > 63) this.fail(tooLong, start)
      const byte = this.bytes[this.at++] as number
      if (shift === 63 && byte > 1) this.fail('a varint holds more than 64 bits', start)
      const bits = byte & 127
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 128) break
    }
    this.low = low >>> 0
    this.high = high >>> 0
  }

  /** A varint of which only 32 bits count, as for enums, bools and uint32. */
  varint32(end: number): number {
    const first = this.bytes[this.at] as number
    if (this.at < end && first < 128) {
      this.at++
      return first
    }
    this.varint(end)
    return this.low
  }

  fixed32(end: number): number {
    const at = this.at
    if (at + 4 > end) this.fail('a 32-bit value runs past the end of its message')
    this.at = at + 4
    return this.#word(at)
  }

  fixed64(end: number): void {
    const at = this.at
    if (at + 8 > end) this.fail('a 64-bit value runs past the end of its message')
    this.low = this.#word(at)
    this.high = this.#word(at + 4)
    this.at = at + 8
  }

  #word(at: number): number {
    const bytes = this.bytes
    const upper = ((bytes[at + 3] as number) << 24) | ((bytes[at + 2] as number) << 16)
    return (upper | ((bytes[at + 1] as number) << 8) | (bytes[at] as number)) >>> 0
  }

  /** Steps over a field that is not known, by the wire type in its tag. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case 0:
        this.varint(end)
        return
      case 1:
        this.fixed64(end)
        return
      case 5:
        this.fixed32(end)
        return
      default:
        this.at = this.lengthEnd(end)
    }
  }
}
