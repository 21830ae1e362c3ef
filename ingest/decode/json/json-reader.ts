import { isUtf8 } from 'node:buffer'
import { OrielError } from '@oriel/core'
import { JsonPath } from './json-path.ts'
import { unescapeJson } from './json-unescape.ts'

/** Levels of arrays and objects; thirty-two nested AnyValues of OTLP need fewer. */
export const jsonDepthMax = 200

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null'

const kindOf: (JsonKind | undefined)[] = Array.from({ length: 256 })
for (const digit of '-0123456789') kindOf[digit.charCodeAt(0)] = 'number'
for (const [first, kind] of Object.entries({ '{': 'object', '[': 'array', '"': 'string' } as const)) {
  kindOf[first.charCodeAt(0)] = kind
}
for (const kind of ['true', 'false', 'null'] as const) kindOf[kind.charCodeAt(0)] = kind

const article: Readonly<Record<JsonKind, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  true: 'true',
  false: 'false',
  null: 'null',
}

/**
 * A cursor over the bytes of one JSON text (RFC 8259). It makes no values: strings and numbers are left as spans of bytes, so
 * that no digit is lost and nothing is copied twice. Invalid UTF-8 reads as U+FFFD. Every failure is an OrielError
 * `malformed` whose message starts with the path in the document.
 */
export class JsonReader {
  source: Buffer = Buffer.alloc(0)
  position = 0
  end = 0
  readonly path = new JsonPath()
  /** The bytes of the string read last: span of `text`, escapes resolved. */
  text: Buffer = this.source
  textStart = 0
  textEnd = 0
  /** The number read last: span of `source`; whole when it has neither fraction nor exponent. */
  numberStart = 0
  numberEnd = 0
  numberWhole = true
  #scratch: Buffer = Buffer.alloc(0)
  #depth = 0

  constructor(bytes: Uint8Array) {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.source = isUtf8(view) ? view : Buffer.from(view.toString('utf8'))
    this.end = this.source.length
    const hasMark = this.source[0] === 0xef && this.source[1] === 0xbb && this.source[2] === 0xbf
    if (hasMark) this.position = 3
  }

  fail(problem: string): never {
    const path = this.path.toString()
    throw new OrielError('malformed', path === '' ? problem : `${path}: ${problem}`, { details: { path } })
  }

  /** Refuses what is where something else belongs: `expected an integer, got true`. */
  failExpected(what: string): never {
    const kind = this.position < this.end ? kindOf[this.source[this.position] as number] : undefined
    if (kind === undefined) this.failSyntax()
    this.fail(`expected ${what}, got ${article[kind]}`)
  }

  failSyntax(): never {
    if (this.position >= this.end) this.fail('the document ends too early')
    const shown = String.fromCharCode(this.source[this.position] as number)
    this.fail(`unexpected ${JSON.stringify(shown)} at byte ${this.position}`)
  }

  /** Skips white space and returns the next byte without taking it; -1 at the end. */
  peek(): number {
    const source = this.source
    let at = this.position
    while (at < this.end) {
      const byte = source[at] as number
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) {
        this.position = at
        return byte
      }
      at++
    }
    this.position = at
    return -1
  }

  /** The kind of the value that follows. */
  kind(): JsonKind {
    const byte = this.peek()
    const kind = byte < 0 ? undefined : kindOf[byte]
    if (kind === undefined) this.failSyntax()
    return kind
  }

  take(byte: number): void {
    if (this.peek() !== byte) this.failSyntax()
    this.position++
  }

  /** Enters an object or array whose bracket is next. False when it is empty, and then already left. */
  open(bracket: number): boolean {
    this.take(bracket)
    if (this.peek() === bracket + 2) {
      this.position++
      return false
    }
    if (++this.#depth > jsonDepthMax) this.fail(`nesting exceeds the maximum ${jsonDepthMax}`)
    return true
  }

  /** After an element: true when a comma promises another, false when the bracket closed. */
  more(bracket: number): boolean {
    const byte = this.peek()
    if (byte === 0x2c) {
      this.position++
      return true
    }
    if (byte !== bracket + 2) this.failSyntax()
    this.position++
    this.#depth--
    return false
  }

  /** Reads a member's name into `text` and takes the colon. */
  key(): void {
    if (this.peek() !== 0x22) this.failSyntax()
    this.string()
    this.take(0x3a)
  }

  /** Reads the string whose quote is next into `text`, `textStart`, `textEnd`. */
  string(): void {
    const source = this.source
    const start = ++this.position
    let escaped = false
    for (let at = start; at < this.end; at++) {
      const byte = source[at] as number
      if (byte === 0x22) {
        this.position = at + 1
        this.#keepText(start, at, escaped)
        return
      }
      if (byte === 0x5c) {
        escaped = true
        at++
      } else if (byte < 0x20) {
        this.position = at
        this.fail(`control character ${byte} in a string at byte ${at}`)
      }
    }
    this.fail('the document ends inside a string')
  }

  textString(): string {
    return this.text.toString('utf8', this.textStart, this.textEnd)
  }

  /** Reads the number that is next into `numberStart`, `numberEnd`, `numberWhole`. */
  number(): void {
    const source = this.source
    const start = this.position
    if (source[this.position] === 0x2d) this.position++
    const zero = source[this.position] === 0x30
    if (this.#digits() > 1 && zero) this.#failNumber(start)
    this.numberWhole = true
    if (source[this.position] === 0x2e) {
      this.position++
      this.numberWhole = false
      this.#digits()
    }
    if (((source[this.position] ?? 0) | 0x20) === 0x65) {
      this.position++
      this.numberWhole = false
      const sign = source[this.position]
      if (sign === 0x2b || sign === 0x2d) this.position++
      this.#digits()
    }
    this.numberStart = start
    this.numberEnd = this.position
  }

  numberText(): string {
    return this.source.toString('latin1', this.numberStart, this.numberEnd)
  }

  literal(word: 'true' | 'false' | 'null'): void {
    const end = this.position + word.length
    if (this.source.toString('latin1', this.position, end) !== word)
      this.fail(`unexpected word at byte ${this.position}`)
    this.position = end
  }

  /** Takes one value of any kind, checking its syntax only. */
  skip(): void {
    const kind = this.kind()
    if (kind === 'string') this.string()
    else if (kind === 'number') this.number()
    else if (kind === 'object') this.#skipMembers()
    else if (kind === 'array') this.#skipElements()
    else this.literal(kind)
  }

  /** Refuses anything but white space after the document. */
  finish(): void {
    if (this.peek() >= 0) this.fail(`unexpected content after the document at byte ${this.position}`)
  }

  #skipMembers(): void {
    if (!this.open(0x7b)) return
    do {
      this.key()
      this.skip()
    } while (this.more(0x7b))
  }

  #skipElements(): void {
    if (!this.open(0x5b)) return
    do {
      this.skip()
    } while (this.more(0x5b))
  }

  #digits(): number {
    const source = this.source
    const start = this.position
    let at = start
    while (at < this.end && (source[at] as number) >= 0x30 && (source[at] as number) <= 0x39) at++
    this.position = at
    if (at === start) this.failSyntax()
    return at - start
  }

  #failNumber(start: number): never {
    this.fail(`a number may not start with 0 at byte ${start}`)
  }

  #keepText(start: number, end: number, escaped: boolean): void {
    if (!escaped) {
      this.text = this.source
      this.textStart = start
      this.textEnd = end
      return
    }
    if (this.#scratch.length < end - start) this.#scratch = Buffer.allocUnsafe(2 * (end - start))
    const length = unescapeJson(this.source, start, end, this.#scratch)
    if (length < 0) this.fail(`bad escape in the string at byte ${start}`)
    this.text = this.#scratch
    this.textStart = 0
    this.textEnd = length
  }
}
