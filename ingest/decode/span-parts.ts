import { rowFlags } from '../encode/tables/events.ts'
import type { Redactor } from '../redact/redact.ts'
import type { DecodeContext } from './decode-context.ts'
import type { RecordWriter } from './record-writer.ts'
import { AnyValue, valueKinds } from './wire/any-value.ts'
import { JsonText } from './wire/json-text.ts'
import { Ranges } from './wire/ranges.ts'
import type { WireReader } from './wire/wire-reader.ts'

const exceptionName = Buffer.from('exception')
const typeKey = Buffer.from('exception.type')
const messageKey = Buffer.from('exception.message')

function equals(reader: WireReader, start: number, end: number, expected: Buffer): boolean {
  if (end - start !== expected.length) return false
  return expected.equals(reader.bytes.subarray(start, end))
}

/** Span events and links into their array columns, their attributes as JSON text. */
export class SpanParts {
  typeStart = 0
  typeEnd = 0
  messageStart = 0
  messageEnd = 0
  readonly #writer: RecordWriter
  readonly #json: JsonText
  readonly #attributes = new Ranges()
  readonly #value = new AnyValue()

  readonly #redactor: Redactor | undefined

  constructor(writer: RecordWriter, { limits, redactor }: DecodeContext) {
    this.#writer = writer
    this.#redactor = redactor
    this.#json = new JsonText(writer.reader, {
      depthMax: limits.valueDepthMax,
      leafBytesMax: limits.valueBytesMax,
      redactor,
    })
  }

  append(spanEvents: Ranges, links: Ranges): void {
    this.typeStart = this.typeEnd = this.messageStart = this.messageEnd = 0
    const { events, notes } = this.#writer
    this.#json.valuesCut = 0
    for (let index = 0; index < spanEvents.count; index++)
      this.#event(spanEvents.start(index), spanEvents.end(index))
    for (let index = 0; index < links.count; index++) this.#link(links.start(index), links.end(index))
    if (this.#json.valuesCut > 0) {
      this.#writer.rowFlags |= rowFlags.valueCut
      notes.valuesCut += this.#json.valuesCut
    }
    events.spanEventTime.endRow()
    events.spanEventName.endRow()
    events.spanEventAttributes.endRow()
    events.linkTraceId.endRow()
    events.linkSpanId.endRow()
    events.linkAttributes.endRow()
  }

  #event(start: number, end: number): void {
    const { reader, events } = this.#writer
    let [low, high, nameStart, nameEnd] = [0, 0, 0, 0]
    this.#attributes.clear()
    reader.at = start
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag === 9) {
        reader.fixed64(end)
        low = reader.low
        high = reader.high
      } else if (tag === 18) {
        nameEnd = reader.lengthEnd(end)
        nameStart = reader.at
        reader.at = nameEnd
      } else if (tag === 26) this.#collect(end)
      else reader.skip(tag, end)
    }
    events.spanEventTime.items.push(low, high)
    events.spanEventName.items.push(reader.bytes, nameStart, this.#writer.cap(nameStart, nameEnd))
    this.#pushJson(events.spanEventAttributes.items)
    if (equals(reader, nameStart, nameEnd, exceptionName)) this.#findException()
  }

  #link(start: number, end: number): void {
    const writer = this.#writer
    const { reader, events } = writer
    let [traceStart, traceEnd, spanStart, spanEnd] = [0, 0, 0, 0]
    this.#attributes.clear()
    reader.at = start
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag === 10) {
        traceEnd = reader.lengthEnd(end)
        traceStart = reader.at
        reader.at = traceEnd
      } else if (tag === 18) {
        spanEnd = reader.lengthEnd(end)
        spanStart = reader.at
        reader.at = spanEnd
      } else if (tag === 34) this.#collect(end)
      else reader.skip(tag, end)
    }
    const valid = writer.validId(traceStart, traceEnd, 16) && writer.validId(spanStart, spanEnd, 8)
    if (valid) {
      events.linkTraceId.items.push(reader.bytes, traceStart)
      events.linkSpanId.items.push(reader.bytes, spanStart)
    } else {
      events.linkTraceId.items.pushZeros()
      events.linkSpanId.items.pushZeros()
    }
    this.#pushJson(events.linkAttributes.items)
  }

  #collect(end: number): void {
    const { reader } = this.#writer
    const to = reader.lengthEnd(end)
    this.#attributes.add(reader.at, to)
    reader.at = to
  }

  #pushJson(column: { push(source: Uint8Array, start: number, end: number): void }): void {
    const json = this.#json
    json.clear()
    json.out.u8(0x7b)
    for (let index = 0; index < this.#attributes.count; index++) {
      json.member(this.#attributes.start(index), this.#attributes.end(index))
    }
    json.out.u8(0x7d)
    column.push(json.out.bytes, 0, json.out.length)
  }

  #findException(): void {
    const { reader } = this.#writer
    for (let index = 0; index < this.#attributes.count; index++) {
      const end = this.#attributes.end(index)
      let [keyStart, keyEnd, valueStart, valueEnd] = [0, 0, 0, 0]
      reader.at = this.#attributes.start(index)
      while (reader.at < end) {
        const tag = reader.tag(end)
        if ((tag & 7) !== 2) {
          reader.skip(tag, end)
          continue
        }
        const to = reader.lengthEnd(end)
        if (tag === 10) [keyStart, keyEnd] = [reader.at, to]
        else if (tag === 18) [valueStart, valueEnd] = [reader.at, to]
        reader.at = to
      }
      if (this.#redactor !== undefined && this.#redactor.decide(reader.bytes, keyStart, keyEnd) !== 'keep')
        continue
      this.#value.read(reader, valueStart, valueEnd)
      if (this.#value.kind !== valueKinds.string) continue
      if (equals(reader, keyStart, keyEnd, typeKey))
        [this.typeStart, this.typeEnd] = [this.#value.start, this.#value.end]
      else if (equals(reader, keyStart, keyEnd, messageKey)) {
        ;[this.messageStart, this.messageEnd] = [this.#value.start, this.#value.end]
      }
    }
  }
}
