import { signals } from '@oriel/core'
import { rowFlags } from '../encode/tables/events.ts'
import type { Decode, DecodeContext } from './decode-context.ts'
import { Envelope } from './envelope.ts'
import { DecodeNotes } from './notes.ts'
import { RecordWriter } from './record-writer.ts'
import { utf8Cut } from './utf8-cut.ts'
import { AnyValue, valueKinds } from './wire/any-value.ts'
import { JsonText } from './wire/json-text.ts'
import { WireReader } from './wire/wire-reader.ts'

/** Indexes into the ranges of a log record's byte fields. */
const text = { severityText: 0, body: 1, traceId: 2, spanId: 3, eventName: 4 } as const
const textOfTag = new Map<number, number>([
  [26, text.severityText],
  [42, text.body],
  [74, text.traceId],
  [82, text.spanId],
  [98, text.eventName],
])

class LogReader {
  readonly #writer: RecordWriter
  readonly #bytesMax: number
  readonly #json: JsonText
  readonly #body = new AnyValue()
  readonly #starts = new Uint32Array(5)
  readonly #ends = new Uint32Array(5)
  #timeLow = 0
  #timeHigh = 0
  #observedLow = 0
  #observedHigh = 0
  #severity = 0
  #flags = 0
  #dropped = 0

  constructor(writer: RecordWriter, context: DecodeContext) {
    this.#writer = writer
    this.#bytesMax = context.limits.valueBytesMax
    this.#json = new JsonText(writer.reader, {
      depthMax: context.limits.valueDepthMax,
      redactor: context.redactor,
    })
  }

  read(end: number): void {
    this.#starts.fill(0)
    this.#ends.fill(0)
    this.#timeLow = this.#timeHigh = this.#observedLow = this.#observedHigh = 0
    this.#severity = this.#flags = this.#dropped = 0
    this.#writer.rowFlags = 0
    this.#writer.attributes.begin()
    this.#walk(end)
    if (this.#settleTimes()) this.#append()
  }

  #walk(end: number): void {
    const { reader, attributes } = this.#writer
    while (reader.at < end) {
      const tag = reader.tag(end)
      switch (tag) {
        case 9:
          reader.fixed64(end)
          this.#timeLow = reader.low
          this.#timeHigh = reader.high
          break
        case 89:
          reader.fixed64(end)
          this.#observedLow = reader.low
          this.#observedHigh = reader.high
          break
        case 16:
          this.#severity = reader.varint32(end)
          break
        case 50:
          attributes.add(reader.lengthEnd(end))
          break
        case 56:
          this.#dropped = reader.varint32(end)
          break
        case 69:
          this.#flags = reader.fixed32(end)
          break
        default:
          this.#textField(tag, end)
      }
    }
  }

  #textField(tag: number, end: number): void {
    const { reader } = this.#writer
    const index = textOfTag.get(tag)
    if (index === undefined) {
      reader.skip(tag, end)
      return
    }
    const to = reader.lengthEnd(end)
    this.#starts[index] = reader.at
    this.#ends[index] = to
    reader.at = to
  }

  #settleTimes(): boolean {
    const writer = this.#writer
    if (this.#observedLow === 0 && this.#observedHigh === 0) {
      this.#observedLow = writer.receivedLow
      this.#observedHigh = writer.receivedHigh
    }
    if (this.#timeLow === 0 && this.#timeHigh === 0) {
      this.#timeLow = this.#observedLow
      this.#timeHigh = this.#observedHigh
      writer.rowFlags |= rowFlags.timeReplaced
    }
    const side = writer.outside(this.#timeLow, this.#timeHigh)
    if (side !== 0) writer.rejectTime('the time', side)
    return side === 0
  }

  #append(): void {
    const writer = this.#writer
    const { events, reader } = writer
    const { bytes } = reader
    events.time.push(this.#timeLow, this.#timeHigh)
    events.observedTime.push(this.#observedLow, this.#observedHigh)
    const nameStart = this.#starts[text.eventName] ?? 0
    events.eventName.push(bytes, nameStart, writer.cap(nameStart, this.#ends[text.eventName] ?? 0))
    events.kind.push(0)
    events.status.push(0)
    events.statusMessage.pushEmpty()
    events.durationNs.push(0, 0)
    this.#appendIds()
    events.traceState.pushEmpty()
    events.flags.push(this.#flags)
    events.severity.push(this.#severity > 24 ? 0 : this.#severity)
    const severityStart = this.#starts[text.severityText] ?? 0
    events.severityText.push(
      bytes,
      severityStart,
      writer.cap(severityStart, this.#ends[text.severityText] ?? 0),
    )
    this.#appendBody()
    this.#appendNoParts()
    writer.appendCommon(signals.log, this.#dropped)
    const { attributes } = writer
    const { exceptionTypeStart, exceptionTypeEnd, exceptionMessageStart, exceptionMessageEnd } = attributes
    events.exceptionType.push(
      bytes,
      exceptionTypeStart,
      writer.capCounted(exceptionTypeStart, exceptionTypeEnd),
    )
    events.exceptionMessage.push(
      bytes,
      exceptionMessageStart,
      writer.capCounted(exceptionMessageStart, exceptionMessageEnd),
    )
  }

  #appendNoParts(): void {
    const { events } = this.#writer
    events.spanEventTime.endRow()
    events.spanEventName.endRow()
    events.spanEventAttributes.endRow()
    events.linkTraceId.endRow()
    events.linkSpanId.endRow()
    events.linkAttributes.endRow()
    events.droppedEvents.push(0)
    events.droppedLinks.push(0)
    events.weight.push(1)
    events.threshold.pushId(0)
  }

  #appendIds(): void {
    const writer = this.#writer
    const { events, reader } = writer
    const traceStart = this.#starts[text.traceId] ?? 0
    const spanStart = this.#starts[text.spanId] ?? 0
    const traced = writer.validId(traceStart, this.#ends[text.traceId] ?? 0, 16)
    if (traced) events.traceId.push(reader.bytes, traceStart)
    else events.traceId.pushZeros()
    if (traced && writer.validId(spanStart, this.#ends[text.spanId] ?? 0, 8))
      events.spanId.push(reader.bytes, spanStart)
    else events.spanId.pushZeros()
    events.parentSpanId.pushZeros()
  }

  #appendBody(): void {
    const writer = this.#writer
    const { events, reader } = writer
    const body = this.#body
    body.read(reader, this.#starts[text.body] ?? 0, this.#ends[text.body] ?? 0)
    if (body.kind === valueKinds.empty) {
      events.body.pushEmpty()
      return
    }
    if (body.kind === valueKinds.string) {
      events.body.push(reader.bytes, body.start, writer.cap(body.start, body.end))
      return
    }
    const json = this.#json
    json.clear()
    json.opened(body)
    const { bytes, length } = json.out
    if (length > this.#bytesMax) {
      writer.rowFlags |= rowFlags.valueCut
      writer.notes.valuesCut++
    }
    events.body.push(bytes, 0, length > this.#bytesMax ? utf8Cut(bytes, 0, this.#bytesMax) : length)
  }
}

/** ExportLogsServiceRequest. */
export const decodeLogs: Decode = (input, context) => {
  const reader = new WireReader(input)
  const notes = new DecodeNotes('log record')
  const writer = new RecordWriter(reader, context, notes)
  const logs = new LogReader(writer, context)
  new Envelope(reader, context, {
    resource: (resource) => writer.resource(resource),
    scope: (scope) => writer.scope(scope),
    item: (end) => logs.read(end),
  }).read()
  return {
    accepted: notes.accepted,
    rejected: notes.rejected,
    message: notes.message(context.limits.valueBytesMax),
  }
}
