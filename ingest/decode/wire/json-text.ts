import { ByteBuffer } from '../../encode/byte-buffer.ts'
import { maskText, type Redactor } from '../../redact/redact.ts'
import { capEnd } from '../utf8-cut.ts'
import { AnyValue, valueKinds } from './any-value.ts'
import type { WireReader } from './wire-reader.ts'

const quote = 0x22
const openBrace = 0x7b
const escapes: (string | undefined)[] = Array.from({ length: 256 })
for (let code = 0; code < 32; code++) escapes[code] = JSON.stringify(String.fromCharCode(code)).slice(1, -1)
escapes[quote] = '\\"'
escapes[0x5c] = '\\\\'

export interface JsonTextOptions {
  readonly depthMax: number
  /** Longer text leaves and keys are cut and counted. Without it the caller bounds the whole. */
  readonly leafBytesMax?: number
  readonly redactor: Redactor | undefined
}

/** Writes AnyValues as JSON text, from bytes to bytes. Invalid UTF-8 passes through as it came. */
export class JsonText {
  readonly out = new ByteBuffer(512)
  readonly #reader: WireReader
  readonly #options: JsonTextOptions
  readonly #values: AnyValue[] = []
  readonly #leafBytesMax: number
  /** Leaves cut since the owner last set this to 0. */
  valuesCut = 0

  constructor(reader: WireReader, options: JsonTextOptions) {
    this.#reader = reader
    this.#options = options
    this.#leafBytesMax = options.leafBytesMax ?? Number.POSITIVE_INFINITY
  }

  clear(): void {
    this.out.reset()
  }

  /** `depth` counts the AnyValues around this one. */
  value(start: number, end: number, depth = 0): void {
    const { depthMax } = this.#options
    if (depth > depthMax) this.#reader.fail(`values are nested deeper than ${depthMax}`, start)
    this.#values[depth] ??= new AnyValue()
    const value = this.#values[depth]
    value.read(this.#reader, start, end)
    this.opened(value, depth)
  }

  /** The same for a value that was read already. */
  opened(value: AnyValue, depth = 0): void {
    switch (value.kind) {
      case valueKinds.string:
        this.#string(value.start, value.end)
        return
      case valueKinds.bool:
        this.out.rawText(value.number === 1 ? 'true' : 'false')
        return
      case valueKinds.int:
        this.out.rawText(value.digits())
        return
      case valueKinds.double:
        this.out.rawText(Number.isFinite(value.number) ? String(value.number) : `"${value.number}"`)
        return
      case valueKinds.array:
        this.#items(value.start, value.end, depth)
        return
      case valueKinds.list:
        this.#members(value.start, value.end, depth)
        return
      case valueKinds.bytes:
        this.#bytes(value.start, value.end)
        return
      default:
        this.out.rawText('null')
    }
  }

  /** `"key":value` of one KeyValue, after a comma unless it follows the brace; nothing when a rule drops the key. */
  member(start: number, end: number, depth = 0): void {
    const reader = this.#reader
    let [keyStart, keyEnd, valueStart, valueEnd] = [0, 0, 0, 0]
    reader.at = start
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag === 10) {
        keyEnd = reader.lengthEnd(end)
        keyStart = reader.at
        reader.at = keyEnd
      } else if (tag === 18) {
        valueEnd = reader.lengthEnd(end)
        valueStart = reader.at
        reader.at = valueEnd
      } else reader.skip(tag, end)
    }
    const decision = this.#options.redactor?.decide(reader.bytes, keyStart, keyEnd) ?? 'keep'
    if (decision !== 'drop') {
      if (this.out.bytes[this.out.length - 1] !== openBrace) this.out.u8(0x2c)
      this.#string(keyStart, keyEnd)
      this.out.u8(0x3a)
      if (decision === 'mask') this.out.rawText(`"${maskText}"`)
      else this.value(valueStart, valueEnd, depth)
    }
    reader.at = end
  }

  #items(start: number, end: number, depth: number): void {
    this.out.u8(0x5b)
    this.#each(start, end, (from, to, first) => {
      if (!first) this.out.u8(0x2c)
      this.value(from, to, depth + 1)
    })
    this.out.u8(0x5d)
  }

  #members(start: number, end: number, depth: number): void {
    this.out.u8(openBrace)
    this.#each(start, end, (from, to) => this.member(from, to, depth + 1))
    this.out.u8(0x7d)
  }

  /** ArrayValue and KeyValueList both hold their elements in field 1. */
  #each(start: number, end: number, visit: (from: number, to: number, first: boolean) => void): void {
    const reader = this.#reader
    let first = true
    reader.at = start
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag !== 10) {
        reader.skip(tag, end)
        continue
      }
      const to = reader.lengthEnd(end)
      visit(reader.at, to, first)
      reader.at = to
      first = false
    }
  }

  /** A whole number of base64 groups is kept of bytes whose notation would be too long. */
  #bytes(start: number, end: number): void {
    const kept = Math.floor(this.#leafBytesMax / 4) * 3
    if (end - start > kept) this.valuesCut++
    this.out.rawText(`"${base64(this.#reader.bytes, start, Math.min(end, start + kept))}"`)
  }

  #string(start: number, whole: number): void {
    const bytes = this.#reader.bytes
    const end = capEnd(bytes, start, whole, this.#leafBytesMax)
    if (end < whole) this.valuesCut++
    this.out.u8(quote)
    let from = start
    for (let at = start; at < end; at++) {
      const escaped = escapes[bytes[at] as number]
      if (escaped === undefined) continue
      this.out.copy(bytes, from, at)
      this.out.rawText(escaped)
      from = at + 1
    }
    this.out.copy(bytes, from, end)
    this.out.u8(quote)
  }
}

export function base64(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('base64')
}
