import { JsonInteger } from './json-integer.ts'
import { JsonReader } from './json-reader.ts'
import type { Field, FieldKind, MessageTable } from './message-table.ts'
import { type OtlpSignal, otlpRequests } from './otlp-messages.ts'
import { ProtobufWriter } from './protobuf-writer.ts'

const objectStart = 0x7b
const arrayStart = 0x5b
/** A repeated key makes us look through its object and erase the first: a hostile document may make us do that this often. */
const lookBackFactor = 8

/**
 * OTLP/JSON to OTLP protobuf, so that one decoder serves both. Follows the JSON rules of the OTLP specification: lowerCamelCase
 * names, hexadecimal ids, other bytes base64, enums by number or name, 64-bit integers exact as number or string, null as the
 * default, unknown fields ignored, the last of repeated keys wins. Anything else is an OrielError `malformed` naming the path.
 * Returns bytes that the caller owns. Ids of a wrong length pass: the decoder rejects those items alone.
 */
export function otlpJsonToProtobuf(signal: OtlpSignal, body: Uint8Array): Uint8Array {
  const reader = new JsonReader(body)
  if (reader.peek() < 0) reader.fail('the body is empty; an empty request is {}')
  const transcoder = new Transcoder(reader, new ProtobufWriter(body.byteLength))
  if (reader.kind() !== 'object') reader.failExpected('an object')
  transcoder.message(otlpRequests[signal])
  reader.finish()
  return transcoder.writer.result()
}

class Transcoder {
  readonly reader: JsonReader
  readonly writer: ProtobufWriter
  readonly #integer = new JsonInteger()
  #lookBackBytes = 0
  readonly #lookBackBytesMax: number

  constructor(reader: JsonReader, writer: ProtobufWriter) {
    this.reader = reader
    this.writer = writer
    this.#lookBackBytesMax = 4096 + lookBackFactor * reader.end
  }

  /** One object into the message that begins at the writer's end. */
  message(table: MessageTable): void {
    const { reader, writer } = this
    const start = writer.length
    if (!reader.open(objectStart)) return
    let seen = 0
    do {
      reader.key()
      const field = table.find(reader.text, reader.textStart, reader.textEnd)
      if (field === undefined) {
        reader.skip()
        continue
      }
      const bit = 1 << field.number
      if ((seen & bit) !== 0) this.#forget(field, start)
      seen |= bit
      reader.path.enter(field.name)
      this.#field(field)
      reader.path.leave()
    } while (reader.more(objectStart))
  }

  #forget(field: Field, start: number): void {
    this.#lookBackBytes += this.writer.length - start
    if (this.#lookBackBytes > this.#lookBackBytesMax) this.reader.fail('too many repeated keys')
    this.writer.drop(start, field.number)
  }

  #field(field: Field): void {
    const { reader } = this
    if (reader.peek() === 0x6e) {
      reader.literal('null')
      return
    }
    if (field.repeated !== true) this.#tagged(field)
    else if (reader.peek() !== arrayStart) reader.failExpected('an array')
    else if (field.kind === 'message') this.#elements(field)
    else this.#packed(field)
  }

  /** A null element keeps its place as the default. */
  #elements(field: Field): void {
    const { reader } = this
    if (!reader.open(arrayStart)) return
    let index = 0
    do {
      reader.path.at(index++)
      this.#tagged(field)
    } while (reader.more(arrayStart))
  }

  #packed(field: Field): void {
    const { reader, writer } = this
    if (!reader.open(arrayStart)) return
    const start = writer.open(field.tag)
    let index = 0
    do {
      reader.path.at(index++)
      this.#scalar(field)
    } while (reader.more(arrayStart))
    writer.close(start)
  }

  #tagged(field: Field): void {
    const { reader, writer } = this
    if (field.message === undefined) {
      writer.varint(field.tag)
      this.#scalar(field)
      return
    }
    const start = writer.open(field.tag)
    const kind = reader.kind()
    if (kind === 'object') this.message(field.message())
    else if (kind === 'null') reader.literal('null')
    else reader.failExpected('an object')
    writer.close(start)
  }

  #scalar(field: Field): void {
    const kind = field.kind
    if (kind === 'string') this.#string()
    else if (kind === 'id') this.#hexadecimal()
    else if (kind === 'double') this.writer.double(this.#double())
    else if (kind === 'bool') this.#bool()
    else if (kind === 'enum') this.#enum(field)
    else if (kind === 'bytes') this.#base64()
    else this.#writeInteger(kind)
  }

  #string(): void {
    const { reader, writer } = this
    if (reader.peek() !== 0x22) reader.failExpected('a string')
    reader.string()
    writer.block(reader.text, reader.textStart, reader.textEnd)
  }

  #base64(): void {
    const { reader, writer } = this
    if (reader.peek() !== 0x22) reader.failExpected('a base64 string')
    reader.string()
    const text = reader.textString()
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) reader.fail('expected base64')
    const bytes = Buffer.from(text, 'base64')
    writer.block(bytes, 0, bytes.length)
  }

  #hexadecimal(): void {
    const { reader, writer } = this
    if (reader.peek() !== 0x22) reader.failExpected('a hexadecimal string')
    reader.string()
    const size = reader.textEnd - reader.textStart
    writer.varint(size >> 1)
    writer.reserve(size >> 1)
    for (let at = reader.textStart; at + 1 < reader.textEnd; at += 2) {
      const value = (hexValue(reader.text[at]) << 4) | hexValue(reader.text[at + 1])
      if (value < 0) this.#failId()
      writer.bytes[writer.length++] = value
    }
    if (size % 2 === 1) this.#failId()
  }

  #failId(): never {
    const shown = JSON.stringify(this.reader.textString().slice(0, 48))
    this.reader.fail(`ids are hexadecimal in OTLP/JSON, not base64, got ${shown}`)
  }

  #bool(): void {
    const kind = this.reader.kind()
    if (kind !== 'true' && kind !== 'false') this.reader.failExpected('true or false')
    this.reader.literal(kind)
    this.writer.varint(kind === 'true' ? 1 : 0)
  }

  #enum(field: Field): void {
    const { reader, writer } = this
    if (reader.peek() !== 0x22) {
      this.#writeInteger('enum')
      return
    }
    reader.string()
    const name = reader.textString()
    const value = field.values?.get(name)
    if (value === undefined) this.#failText('a number or a known name', name)
    else writer.varint(value)
  }

  #double(): number {
    const { reader } = this
    const kind = reader.kind()
    if (kind === 'number') {
      reader.number()
      return Number(reader.numberText())
    }
    if (kind !== 'string') reader.failExpected('a number')
    reader.string()
    const text = reader.textString()
    if (text === 'NaN') return Number.NaN
    if (text === 'Infinity' || text === '-Infinity') return text === 'Infinity' ? Infinity : -Infinity
    if (!/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) this.#failText('a number', text)
    return Number(text)
  }

  #writeInteger(kind: FieldKind): void {
    const { writer } = this
    const integer = this.#integer
    this.#readInteger()
    if (!fits(integer, kind)) this.reader.fail(`integer out of range for ${kind}`)
    integer.toTwosComplement()
    if (kind === 'fixed32') writer.fixed32(integer.low)
    else if (kind === 'fixed64' || kind === 'sfixed64') writer.fixed64(integer.low, integer.high)
    else if (kind === 'sint32') writer.varint((integer.low << 1) ^ (integer.low >> 31))
    else writer.varint64(integer.low, integer.high)
  }

  /** A whole number, also as a string and also written as 1.0 or 1e3, into #integer. */
  #readInteger(): void {
    const { reader } = this
    const kind = reader.kind()
    if (kind === 'string') {
      reader.string()
      if (this.#integer.parse(reader.text, reader.textStart, reader.textEnd)) return
      this.#failText('an integer', reader.textString())
    }
    if (kind !== 'number') reader.failExpected('an integer')
    reader.number()
    if (reader.numberWhole) {
      if (this.#integer.parse(reader.source, reader.numberStart, reader.numberEnd)) return
      reader.fail('integer out of range')
    }
    const value = Number(reader.numberText())
    if (!Number.isSafeInteger(value)) this.#failText('an integer', reader.numberText())
    const digits = Buffer.from(String(value))
    this.#integer.parse(digits, 0, digits.length)
  }

  #failText(what: string, text: string): never {
    this.reader.fail(`expected ${what}, got ${JSON.stringify(text.slice(0, 48))}`)
  }
}

function fits(integer: JsonInteger, kind: FieldKind): boolean {
  switch (kind) {
    case 'uint32':
    case 'fixed32':
      return integer.fitsUnsigned(32)
    case 'uint64':
    case 'fixed64':
      return integer.fitsUnsigned(64)
    case 'sint32':
    case 'enum':
      return integer.fitsSigned(32)
    default:
      return integer.fitsSigned(64)
  }
}

const notHex = -256

/** 0..15, or a number that keeps any combination below zero. */
function hexValue(byte: number | undefined): number {
  const value = byte ?? 0
  if (value >= 0x30 && value <= 0x39) return value - 0x30
  const lower = value | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : notHex
}
