const word = 2 ** 32
const digitZero = 0x30

/** A 64-bit integer as two unsigned 32-bit words, filled in place: decimal text of any length loses no digit. */
export class JsonInteger {
  low = 0
  high = 0
  negative = false

  /** The value when it fits a double exactly; negative ones too. Only for |value| < 2^53. */
  toNumber(): number {
    const magnitude = this.high * word + this.low
    return this.negative ? -magnitude : magnitude
  }

  /** Reads `-?[0-9]+` in [start, end). False when there is another character, no digit, or more than 64 bits. */
  parse(source: Uint8Array, start: number, end: number): boolean {
    let from = start
    this.negative = source[from] === 0x2d
    if (this.negative) from++
    if (from >= end) return false
    while (from < end - 1 && source[from] === digitZero) from++
    if (end - from > 20) return false
    const split = Math.max(from, end - 9)
    const upper = digits(source, from, split)
    const lower = digits(source, split, end)
    return upper >= 0 && lower >= 0 && this.#combine(upper, lower)
  }

  /** Two's complement in place, for writing. */
  toTwosComplement(): void {
    if (!this.negative) return
    this.low = -this.low >>> 0
    this.high = (~this.high + (this.low === 0 ? 1 : 0)) >>> 0
    this.negative = false
  }

  fitsSigned(bits: 32 | 64): boolean {
    const limit = 2 ** 31
    if (bits === 32) {
      return this.high === 0 && (this.low < limit || (this.negative && this.low === limit))
    }
    return this.high < limit || (this.negative && this.high === limit && this.low === 0)
  }

  fitsUnsigned(bits: 32 | 64): boolean {
    return (!this.negative || (this.low === 0 && this.high === 0)) && (bits === 64 || this.high === 0)
  }

  /** upper · 10^9 + lower in 16-bit steps, each of which a double holds exactly. */
  #combine(upper: number, lower: number): boolean {
    const upperLow = upper % word
    const middle = Math.floor(upperLow / 65536) * 1e9
    const bottom = (upperLow % 65536) * 1e9 + lower + (middle % 65536) * 65536
    const high = Math.floor(upper / word) * 1e9 + Math.floor(middle / 65536) + Math.floor(bottom / word)
    this.low = bottom % word
    this.high = high
    return high < word
  }
}

function digits(source: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = (source[at] ?? 0) - digitZero
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}
