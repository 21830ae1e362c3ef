import { JsonInteger } from '../json/json-integer.ts'
import type { JsonReader } from '../json/json-reader.ts'
import type { ProtobufWriter } from '../json/protobuf-writer.ts'
import { eventTags } from './event-message.ts'

const integer = new JsonInteger()

/** Writes the value that is next as attributes: objects flattened with dots, arrays as JSON text, null left out. */
export function writeAttribute(reader: JsonReader, writer: ProtobufWriter, key: string): void {
  const kind = reader.kind()
  if (kind === 'null') reader.literal('null')
  else if (kind === 'object') writeMembers(reader, writer, key)
  else {
    const start = writer.open(eventTags.attribute)
    const name = Buffer.from(key)
    writer.varint(10)
    writer.block(name, 0, name.length)
    const value = writer.open(18)
    writeValue(reader, writer)
    writer.close(value)
    writer.close(start)
  }
}

function writeMembers(reader: JsonReader, writer: ProtobufWriter, prefix: string): void {
  if (!reader.open(0x7b)) return
  do {
    reader.key()
    writeAttribute(reader, writer, `${prefix}.${reader.textString()}`)
  } while (reader.more(0x7b))
}

function writeValue(reader: JsonReader, writer: ProtobufWriter): void {
  const kind = reader.kind()
  if (kind === 'string') {
    reader.string()
    writer.varint(10)
    writer.block(reader.text, reader.textStart, reader.textEnd)
  } else if (kind === 'number') writeNumber(reader, writer)
  else if (kind === 'true' || kind === 'false') {
    reader.literal(kind)
    writer.varint(16)
    writer.varint(kind === 'true' ? 1 : 0)
  } else writeJson(reader, writer)
}

/** Whole numbers of up to 64 bits stay integers, all others are doubles. */
function writeNumber(reader: JsonReader, writer: ProtobufWriter): void {
  reader.number()
  const { source, numberStart, numberEnd } = reader
  if (reader.numberWhole && integer.parse(source, numberStart, numberEnd) && integer.fitsSigned(64)) {
    integer.toTwosComplement()
    writer.varint(24)
    writer.varint64(integer.low, integer.high)
  } else {
    writer.varint(33)
    writer.double(Number(reader.numberText()))
  }
}

/** The array's own text, as it was sent. */
function writeJson(reader: JsonReader, writer: ProtobufWriter): void {
  const start = reader.position
  reader.skip()
  writer.varint(10)
  writer.block(reader.source, start, reader.position)
}
