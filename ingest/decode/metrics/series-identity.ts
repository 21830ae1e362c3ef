import type { AttributeReader } from '../attribute-reader.ts'

/**
 * The 64-bit id of a series, made of two 32-bit hashes. `begin` and `part` fold what comes in a fixed order (metric, type, unit,
 * temporality, monotonic, resource, scope); `attributes` sums a hash per attribute, so that their order does not matter.
 */
export class SeriesIdentity {
  low = 0
  high = 0

  begin(): void {
    this.low = 0x811c9dc5 | 0
    this.high = 0x2c1b3c6d | 0
  }

  number(value: number): void {
    this.low = mix(Math.imul(this.low ^ value, 0x01000193))
    this.high = mix(Math.imul(this.high ^ value, 0x85ebca6b))
  }

  part(bytes: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number
      this.low = Math.imul(this.low ^ byte, 0x01000193)
      this.high = Math.imul((this.high ^ byte) + (this.high >>> 15), 0x85ebca6b)
    }
    this.number(end - start)
  }

  attributes(reader: AttributeReader, bytes: Uint8Array): void {
    const [low, high] = [this.low, this.high]
    let sumLow = 0
    let sumHigh = 0
    reader.each((keyStart, keyEnd, valueStart, valueEnd) => {
      this.begin()
      this.part(bytes, keyStart, keyEnd)
      this.part(bytes, valueStart, valueEnd)
      sumLow = (sumLow + this.low) | 0
      sumHigh = (sumHigh + this.high) | 0
    })
    this.low = mix(low ^ sumLow) >>> 0
    this.high = mix(high ^ sumHigh) >>> 0
  }
}

/** The finaliser of MurmurHash3. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
