/** What was left out of rows that were kept, with the setting that bounds it. */
const omissions = {
  exemplar: 'decode.spanEventsMax',
  attribute: 'decode.attributesMax',
  'resource attribute': 'decode.attributesMax',
} as const

/** What a decoder has to say about a request: counted, and put into one message for partial_success. */
export class DecodeNotes {
  readonly #noun: string
  readonly #reasons = new Map<string, number>()
  readonly #omitted = new Map<keyof typeof omissions, number>()
  rejected = 0
  accepted = 0
  valuesCut = 0

  constructor(noun: string) {
    this.#noun = noun
  }

  reject(reason: string): void {
    this.rejected++
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
  }

  /** Something of an accepted item was not stored: a warning, no rejection. */
  omit(what: keyof typeof omissions, count: number): void {
    if (count > 0) this.#omitted.set(what, (this.#omitted.get(what) ?? 0) + count)
  }

  /** `2 spans rejected: trace_id must be 16 non-zero bytes`; '' when there is nothing to say. */
  message(valueBytesMax: number): string {
    const parts = [...this.#reasons].map(
      ([reason, count]) => `${count} ${this.#noun}${count === 1 ? '' : 's'} rejected: ${reason}`,
    )
    for (const [what, count] of this.#omitted) {
      const nouns = count === 1 ? `${what} was` : `${what}s were`
      parts.push(`${count} ${nouns} dropped (${omissions[what]})`)
    }
    if (this.valuesCut > 0) {
      const values = this.valuesCut === 1 ? 'value was' : 'values were'
      parts.push(`${this.valuesCut} ${values} cut to ${valueBytesMax} bytes (decode.valueBytesMax)`)
    }
    return parts.join('; ')
  }
}
