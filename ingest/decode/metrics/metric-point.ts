import { Ranges } from '../wire/ranges.ts'

/** A list of numbers that keeps its memory from point to point. */
export class NumberList {
  values = new Float64Array(32)
  length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this.values)
      this.values = grown
    }
    this.values[this.length++] = value
  }
}

/** Unsigned 64-bit numbers as pairs of 32-bit words, low word first. */
export class WordPairList {
  words = new Uint32Array(64)
  length = 0

  push(low: number, high: number): void {
    if (this.length * 2 === this.words.length) {
      const grown = new Uint32Array(this.length * 4)
      grown.set(this.words)
      this.words = grown
    }
    this.words[this.length * 2] = low
    this.words[this.length * 2 + 1] = high
    this.length++
  }
}

export const statsPresent = { sum: 1, min: 2, max: 4 } as const
export const valueTypes = { none: 0, double: 1, int: 2 } as const
/** DataPointFlags.NO_RECORDED_VALUE_MASK of OTLP. */
const noRecordedValue = 1

/** One data point of any kind as it is read; one object serves all points of a worker. Words are unsigned 32-bit halves. */
export class MetricPoint {
  startLow = 0
  startHigh = 0
  timeLow = 0
  timeHigh = 0
  flags = 0
  valueType: number = valueTypes.none
  value = 0
  intLow = 0
  intHigh = 0
  countLow = 0
  countHigh = 0
  stats = 0
  sum = 0
  min = 0
  max = 0
  scale = 0
  zeroLow = 0
  zeroHigh = 0
  zeroThreshold = 0
  positiveOffset = 0
  negativeOffset = 0
  readonly bounds = new NumberList()
  readonly bucketCounts = new WordPairList()
  readonly positiveCounts = new WordPairList()
  readonly negativeCounts = new WordPairList()
  readonly quantiles = new NumberList()
  readonly quantileValues = new NumberList()
  readonly attributes = new Ranges()
  readonly exemplars = new Ranges()

  get hasRecordedValue(): boolean {
    return (this.flags & noRecordedValue) === 0
  }

  get timeMs(): number {
    return (this.timeHigh * 4294967296 + this.timeLow) / 1e6
  }

  reset(): void {
    this.startLow = this.startHigh = this.timeLow = this.timeHigh = this.flags = 0
    this.valueType = valueTypes.none
    this.value = this.intLow = this.intHigh = this.countLow = this.countHigh = 0
    this.stats = this.sum = this.min = this.max = 0
    this.scale = this.zeroLow = this.zeroHigh = this.zeroThreshold = 0
    this.positiveOffset = this.negativeOffset = 0
    this.bounds.length = this.quantiles.length = this.quantileValues.length = 0
    this.bucketCounts.length = this.positiveCounts.length = this.negativeCounts.length = 0
    this.attributes.clear()
    this.exemplars.clear()
  }
}
