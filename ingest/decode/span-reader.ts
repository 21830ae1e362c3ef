import { signals } from '@oriel/core'
import { rowFlags } from '../encode/tables/events.ts'
import type { Decode, DecodeContext } from './decode-context.ts'
import type { DecodeOutcome } from './decode-pool.ts'
import { Envelope } from './envelope.ts'
import { DecodeNotes } from './notes.ts'
import { RecordWriter } from './record-writer.ts'
import { SpanParts } from './span-parts.ts'
import { threshold } from './threshold.ts'
import { Ranges } from './wire/ranges.ts'
import { WireReader } from './wire/wire-reader.ts'

const traceIdReason = 'trace_id must be 16 non-zero bytes'
const spanIdReason = 'span_id must be 8 non-zero bytes'

/** One Span: `read` notes where its fields are, checks them, and appends the row. */
class SpanReader {
  readonly #writer: RecordWriter
  readonly #signal: 'span' | 'event'
  readonly #parts: SpanParts
  readonly #spanEvents = new Ranges()
  readonly #links = new Ranges()
  readonly #partsMax: number
  #traceStart = 0
  #traceEnd = 0
  #spanStart = 0
  #spanEnd = 0
  #parentStart = 0
  #parentEnd = 0
  #stateStart = 0
  #stateEnd = 0
  #nameStart = 0
  #nameEnd = 0
  #messageStart = 0
  #messageEnd = 0
  #startLow = 0
  #startHigh = 0
  #endLow = 0
  #endHigh = 0
  #durationNs = 0
  #kind = 0
  #status = 0
  #flags = 0
  #droppedAttributes = 0
  #droppedEvents = 0
  #droppedLinks = 0

  constructor(writer: RecordWriter, context: DecodeContext, signal: 'span' | 'event') {
    this.#writer = writer
    this.#signal = signal
    this.#partsMax = context.limits.spanEventsMax
    this.#parts = new SpanParts(writer, context)
  }

  read(end: number): void {
    this.#clear()
    this.#walk(end)
    if (this.#accept()) this.#append()
  }

  #clear(): void {
    this.#traceStart = this.#traceEnd = this.#spanStart = this.#spanEnd = 0
    this.#parentStart = this.#parentEnd = this.#stateStart = this.#stateEnd = 0
    this.#nameStart = this.#nameEnd = this.#messageStart = this.#messageEnd = 0
    this.#startLow = this.#startHigh = this.#endLow = this.#endHigh = 0
    this.#kind = this.#status = this.#flags = 0
    this.#droppedAttributes = this.#droppedEvents = this.#droppedLinks = 0
    this.#spanEvents.clear()
    this.#links.clear()
    this.#writer.rowFlags = 0
    this.#writer.attributes.begin()
  }

  #walk(end: number): void {
    const reader = this.#writer.reader
    const attributes = this.#writer.attributes
    while (reader.at < end) {
      const tag = reader.tag(end)
      switch (tag) {
        case 10:
          this.#traceEnd = reader.lengthEnd(end)
          this.#traceStart = reader.at
          reader.at = this.#traceEnd
          break
        case 18:
          this.#spanEnd = reader.lengthEnd(end)
          this.#spanStart = reader.at
          reader.at = this.#spanEnd
          break
        case 26:
          this.#stateEnd = reader.lengthEnd(end)
          this.#stateStart = reader.at
          reader.at = this.#stateEnd
          break
        case 34:
          this.#parentEnd = reader.lengthEnd(end)
          this.#parentStart = reader.at
          reader.at = this.#parentEnd
          break
        case 42:
          this.#nameEnd = reader.lengthEnd(end)
          this.#nameStart = reader.at
          reader.at = this.#nameEnd
          break
        case 48:
          this.#kind = reader.varint32(end)
          break
        case 57:
          reader.fixed64(end)
          this.#startLow = reader.low
          this.#startHigh = reader.high
          break
        case 65:
          reader.fixed64(end)
          this.#endLow = reader.low
          this.#endHigh = reader.high
          break
        case 74:
          attributes.add(reader.lengthEnd(end))
          break
        case 122:
          this.#readStatus(reader.lengthEnd(end))
          break
        default:
          this.#rareField(tag, end)
      }
    }
  }

  #rareField(tag: number, end: number): void {
    const reader = this.#writer.reader
    switch (tag) {
      case 80:
        this.#droppedAttributes = reader.varint32(end)
        return
      case 90:
        if (!this.#collect(this.#spanEvents, end)) this.#droppedEvents++
        return
      case 96:
        this.#droppedEvents += reader.varint32(end)
        return
      case 106:
        if (!this.#collect(this.#links, end)) this.#droppedLinks++
        return
      case 112:
        this.#droppedLinks += reader.varint32(end)
        return
      case 133:
        this.#flags = reader.fixed32(end)
        return
      default:
        reader.skip(tag, end)
    }
  }

  #collect(ranges: Ranges, end: number): boolean {
    const reader = this.#writer.reader
    const to = reader.lengthEnd(end)
    const fits = ranges.count < this.#partsMax
    if (fits) ranges.add(reader.at, to)
    reader.at = to
    return fits
  }

  #readStatus(end: number): void {
    const reader = this.#writer.reader
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag === 24) this.#status = reader.varint32(end)
      else if (tag === 18) {
        this.#messageEnd = reader.lengthEnd(end)
        this.#messageStart = reader.at
        reader.at = this.#messageEnd
      } else reader.skip(tag, end)
    }
  }

  /** Rejects the span with its reason, or settles its times. */
  #accept(): boolean {
    const writer = this.#writer
    if (this.#signal === 'span') {
      if (!writer.validId(this.#traceStart, this.#traceEnd, 16)) writer.notes.reject(traceIdReason)
      else if (!writer.validId(this.#spanStart, this.#spanEnd, 8)) writer.notes.reject(spanIdReason)
      else return this.#settleTimes()
      return false
    }
    return this.#settleTimes()
  }

  #settleTimes(): boolean {
    const writer = this.#writer
    if (this.#startLow === 0 && this.#startHigh === 0) {
      const ended = writer.outside(this.#endLow, this.#endHigh) === 0
      this.#startLow = ended ? this.#endLow : writer.receivedLow
      this.#startHigh = ended ? this.#endHigh : writer.receivedHigh
      this.#durationNs = 0
      writer.rowFlags |= rowFlags.timeReplaced | rowFlags.endBeforeStart
      return true
    }
    const side = writer.outside(this.#startLow, this.#startHigh)
    if (side !== 0) {
      writer.rejectTime('the start time', side)
      return false
    }
    this.#durationNs = (this.#endHigh - this.#startHigh) * 4294967296 + (this.#endLow - this.#startLow)
    if (this.#durationNs < 0 || writer.outside(this.#endLow, this.#endHigh) > 0) {
      this.#durationNs = 0
      writer.rowFlags |= rowFlags.endBeforeStart
    }
    return true
  }

  #append(): void {
    const writer = this.#writer
    const { events, reader } = writer
    const { bytes } = reader
    events.time.push(this.#startLow, this.#startHigh)
    events.observedTime.push(this.#startLow, this.#startHigh)
    events.eventName.push(bytes, this.#nameStart, writer.cap(this.#nameStart, this.#nameEnd))
    events.kind.push(this.#kind > 5 ? 0 : this.#kind)
    events.status.push(this.#status > 2 ? 0 : this.#status)
    events.statusMessage.push(bytes, this.#messageStart, writer.cap(this.#messageStart, this.#messageEnd))
    events.durationNs.pushNumber(this.#durationNs)
    this.#appendIds()
    events.traceState.push(bytes, this.#stateStart, writer.cap(this.#stateStart, this.#stateEnd))
    events.flags.push(this.#flags)
    events.severity.push(0)
    events.severityText.pushId(0)
    events.body.pushEmpty()
    events.droppedEvents.push(this.#droppedEvents)
    events.droppedLinks.push(this.#droppedLinks)
    this.#appendSampling()
    this.#parts.append(this.#spanEvents, this.#links)
    writer.appendCommon(signals[this.#signal], this.#droppedAttributes)
    this.#appendException()
  }

  #appendIds(): void {
    const writer = this.#writer
    const { events, reader } = writer
    const traced = writer.validId(this.#traceStart, this.#traceEnd, 16)
    if (traced) events.traceId.push(reader.bytes, this.#traceStart)
    else events.traceId.pushZeros()
    if (traced && writer.validId(this.#spanStart, this.#spanEnd, 8))
      events.spanId.push(reader.bytes, this.#spanStart)
    else events.spanId.pushZeros()
    if (this.#parentEnd - this.#parentStart === 8) events.parentSpanId.push(reader.bytes, this.#parentStart)
    else events.parentSpanId.pushZeros()
  }

  #appendSampling(): void {
    const { events, reader } = this.#writer
    if (this.#stateEnd === this.#stateStart) {
      events.weight.push(1)
      events.threshold.pushId(0)
      return
    }
    const state = Buffer.from(reader.bytes.subarray(this.#stateStart, this.#stateEnd)).toString('latin1')
    const { th, weight } = threshold(state)
    events.weight.push(weight)
    events.threshold.pushText(th)
  }

  /** From the exception event, else from the span's own attributes. */
  #appendException(): void {
    const { events, reader, attributes } = this.#writer
    const parts = this.#parts
    const ownType = parts.typeEnd === parts.typeStart
    const typeStart = ownType ? attributes.exceptionTypeStart : parts.typeStart
    const typeEnd = ownType ? attributes.exceptionTypeEnd : parts.typeEnd
    events.exceptionType.push(reader.bytes, typeStart, this.#writer.capCounted(typeStart, typeEnd))
    const own = parts.messageEnd === parts.messageStart
    const start = own ? attributes.exceptionMessageStart : parts.messageStart
    const end = own ? attributes.exceptionMessageEnd : parts.messageEnd
    events.exceptionMessage.push(reader.bytes, start, this.#writer.capCounted(start, end))
  }
}

function decodeSpans(input: Uint8Array, context: DecodeContext, signal: 'span' | 'event'): DecodeOutcome {
  const reader = new WireReader(input)
  const notes = new DecodeNotes(signal)
  const writer = new RecordWriter(reader, context, notes)
  const spans = new SpanReader(writer, context, signal)
  new Envelope(reader, context, {
    resource: (resource) => writer.resource(resource),
    scope: (scope) => writer.scope(scope),
    item: (end) => spans.read(end),
  }).read()
  return {
    accepted: notes.accepted,
    rejected: notes.rejected,
    message: notes.message(context.limits.valueBytesMax),
  }
}

/** ExportTraceServiceRequest. */
export const decodeTraces: Decode = (input, context) => decodeSpans(input, context, 'span')

/** Wide events, put into the shape of an ExportTraceServiceRequest; their ids may be missing. */
export const decodeEvents: Decode = (input, context) => decodeSpans(input, context, 'event')
