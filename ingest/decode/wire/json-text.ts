import { ByteBuffer } from '../../encode/byte-buffer.ts'
import { AnyValue, valueKinds } from './any-value.ts'
import type { WireReader } from './wire-reader.ts'

const quote = 0x22
const escapes: (string | undefined)[] = Array.from({ length: 256 })
for (let code = 0; code < 32; code++) escapes[code] = JSON.stringify(String.fromCharCode(code)).slice(1, -1)
escapes[quote] = '\\"'
escapes[0x5c] = '\\\\'

/** Writes AnyValues as JSON text, from bytes to bytes. Invalid UTF-8 passes through as it came. */
export class JsonText {
  readonly out = new ByteBuffer(512)
  readonly #reader: WireReader
  readonly #depthMax: number
  readonly #values: AnyValue[] = []

  constructor(reader: WireReader, depthMax: number) {
    this.#reader = reader
    this.#depthMax = depthMax
  }

  clear(): void {
    this.out.reset()
  }

  /** `depth` counts the AnyValues around this one. */
  value(start: number, end: number, depth = 0): void {
    if (depth > this.#depthMax) this.#reader.fail(`values are nested deeper than ${this.#depthMax}`, start)
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
        this.out.rawText(`"${base64(this.#reader.bytes, value.start, value.end)}"`)
        return
      default:
        this.out.rawText('null')
    }
  }

  /** `"key":value` of one KeyValue, after a comma unless it is the first. */
  member(start: number, end: number, first: boolean, depth = 0): void {
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
    if (!first) this.out.u8(0x2c)
    this.#string(keyStart, keyEnd)
    this.out.u8(0x3a)
    this.value(valueStart, valueEnd, depth)
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
    this.out.u8(0x7b)
    this.#each(start, end, (from, to, first) => this.member(from, to, first, depth + 1))
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

  #string(start: number, end: number): void {
    const bytes = this.#reader.bytes
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
