import { statuses } from '@oriel/core'
import type { JsonReader } from '../json/json-reader.ts'
import type { ProtobufWriter } from '../json/protobuf-writer.ts'
import { writeAttribute } from './event-attributes.ts'
import { eventTags } from './event-message.ts'
import { severityOfName } from './event-severity.ts'
import { timeOfNumber, timeOfText } from './event-time.ts'

const envelope = { resources: 10, resource: 10, scopes: 18, items: 18 } as const
const serviceName = Buffer.from('service.name')
type Member = (writer: EventWriter) => void

/** Turns one JSON object into an envelope with one event in it. Every other key than those named is an attribute. */
export class EventWriter {
  readonly reader: JsonReader
  readonly writer: ProtobufWriter
  #service = ''

  constructor(reader: JsonReader, writer: ProtobufWriter) {
    this.reader = reader
    this.writer = writer
  }

  write(): void {
    const { reader, writer } = this
    this.#service = ''
    if (reader.kind() !== 'object') reader.failExpected('an object')
    const resources = writer.open(envelope.resources)
    const scopes = writer.open(envelope.scopes)
    const item = writer.open(envelope.items)
    this.#members()
    writer.close(item)
    writer.close(scopes)
    this.#writeResource()
    writer.close(resources)
  }

  #members(): void {
    const { reader, writer } = this
    if (!reader.open(0x7b)) return
    do {
      reader.key()
      const key = reader.textString()
      reader.path.enter(key)
      const member = members.get(key)
      if (member === undefined) writeAttribute(reader, writer, key)
      else if (reader.kind() === 'null') reader.literal('null')
      else member(this)
      reader.path.leave()
    } while (reader.more(0x7b))
  }

  #writeResource(): void {
    const { writer } = this
    if (this.#service === '') return
    const name = Buffer.from(this.#service)
    const starts = [writer.open(envelope.resource), writer.open(10)]
    writer.varint(10)
    writer.block(serviceName, 0, serviceName.length)
    const value = writer.open(18)
    writer.varint(10)
    writer.block(name, 0, name.length)
    for (const start of [value, ...starts.reverse()]) writer.close(start)
  }

  service(): void {
    this.#service = this.string()
  }

  string(): string {
    if (this.reader.kind() !== 'string') this.reader.failExpected('a string')
    this.reader.string()
    return this.reader.textString()
  }

  text(tag: number, text: string): void {
    const bytes = Buffer.from(text)
    this.writer.varint(tag)
    this.writer.block(bytes, 0, bytes.length)
  }

  time(): void {
    const { reader, writer } = this
    const kind = reader.kind()
    if (kind !== 'string' && kind !== 'number') reader.failExpected('a time')
    if (kind === 'number') reader.number()
    const text = kind === 'number' ? reader.numberText() : this.string()
    const ns = kind === 'number' ? timeOfNumber(text) : timeOfText(text)
    if (ns === undefined || ns >= 2n ** 64n) {
      reader.fail(
        `expected an RFC 3339 time or a number since the epoch, got ${JSON.stringify(text.slice(0, 48))}`,
      )
    } else {
      writer.varint(eventTags.time)
      writer.fixed64(Number(ns & 0xffffffffn), Number(ns >> 32n))
    }
  }

  duration(): void {
    const { reader, writer } = this
    if (reader.kind() !== 'number') reader.failExpected('a number of milliseconds')
    reader.number()
    const ns = Math.round(Number(reader.numberText()) * 1e6)
    if (!(ns >= 0 && ns < 2 ** 63))
      reader.fail(`expected a number of milliseconds, got ${reader.numberText()}`)
    writer.varint(eventTags.durationNs)
    writer.fixed64(ns % 2 ** 32, Math.floor(ns / 2 ** 32))
  }

  /** An id that is not one stays readable as an attribute. */
  id(tag: number, key: string, size: number): void {
    const { reader, writer } = this
    const { position } = reader
    const text = reader.kind() === 'string' ? this.string() : ''
    const bytes = Buffer.from(text, 'hex')
    if (bytes.length === size && text.length === 2 * size) {
      writer.varint(tag)
      writer.block(bytes, 0, size)
      return
    }
    reader.position = position
    writeAttribute(reader, writer, key)
  }

  /** true, a message, or an object that is flattened: all mean that it failed. */
  error(): void {
    const { reader, writer } = this
    const kind = reader.kind()
    if (kind === 'true' || kind === 'false') reader.literal(kind)
    else if (kind === 'string') this.text(eventTags.statusMessage, this.string())
    else if (kind === 'object') writeAttribute(reader, writer, 'error')
    else reader.failExpected('true, false or a message')
    writer.varint(eventTags.status)
    writer.varint(kind === 'false' ? statuses.unset : statuses.error)
  }

  severity(): void {
    const { reader, writer } = this
    let number = 0
    if (reader.kind() === 'number') {
      reader.number()
      number = Number(reader.numberText())
      if (!(Number.isInteger(number) && number >= 0 && number <= 24)) {
        reader.fail(`expected a severity from 1 to 24 or a name, got ${reader.numberText()}`)
      }
    } else {
      const name = this.string()
      this.text(eventTags.severityText, name)
      number = severityOfName(name)
    }
    writer.varint(eventTags.severity)
    writer.varint(number)
  }

  body(): void {
    const { reader } = this
    if (reader.kind() === 'string') this.text(eventTags.body, this.string())
    else {
      const start = reader.position
      reader.skip()
      this.writer.varint(eventTags.body)
      this.writer.block(reader.source, start, reader.position)
    }
  }

  /** One event kept of `sample_rate`: its weight. Below 1 it is an ordinary attribute. */
  sampleRate(): void {
    const { reader, writer } = this
    const { position } = reader
    if (reader.kind() === 'number') {
      reader.number()
      const weight = Number(reader.numberText())
      if (weight >= 1 && Number.isFinite(weight)) {
        writer.varint(eventTags.weight)
        writer.double(weight)
        return
      }
      reader.position = position
    }
    writeAttribute(reader, writer, 'sample_rate')
  }
}

const body: Member = (event) => event.body()
const severity: Member = (event) => event.severity()
const service: Member = (event) => event.service()
const members = new Map<string, Member>([
  ['time', (event) => event.time()],
  ['service', service],
  ['service.name', service],
  ['name', (event) => event.text(eventTags.name, event.string())],
  ['duration_ms', (event) => event.duration()],
  ['trace_id', (event) => event.id(eventTags.traceId, 'trace_id', 16)],
  ['span_id', (event) => event.id(eventTags.spanId, 'span_id', 8)],
  ['parent_id', (event) => event.id(eventTags.parentId, 'parent_id', 8)],
  ['error', (event) => event.error()],
  ['severity', severity],
  ['level', severity],
  ['body', body],
  ['message', body],
  ['sample_rate', (event) => event.sampleRate()],
])
