import { signals } from '@oriel/core'
import { rowFlags } from '../../encode/tables/events.ts'
import { FieldCursor } from '../metrics/field-cursor.ts'
import type { RecordWriter } from '../record-writer.ts'
import { eventTags } from './event-message.ts'

/** Field numbers of the byte fields of the event message, and its greatest field number. */
const fields = {
  name: 2,
  body: 3,
  traceId: 6,
  spanId: 7,
  parentId: 8,
  statusMessage: 10,
  severityText: 12,
} as const
const fieldMax = 13

/** Reads one event message into a row of events with signal = event. */
export class EventReader {
  readonly #writer: RecordWriter
  readonly #starts = new Uint32Array(fieldMax + 1)
  readonly #ends = new Uint32Array(fieldMax + 1)
  #timeLow = 0
  #timeHigh = 0
  #durationLow = 0
  #durationHigh = 0
  #status = 0
  #severity = 0
  #weight = 1

  constructor(writer: RecordWriter) {
    this.#writer = writer
  }

  read(end: number): void {
    const writer = this.#writer
    this.#starts.fill(0)
    this.#ends.fill(0)
    this.#timeLow =
      this.#timeHigh =
      this.#durationLow =
      this.#durationHigh =
      this.#status =
      this.#severity =
        0
    this.#weight = 1
    writer.rowFlags = 0
    writer.attributes.begin()
    this.#walk(new FieldCursor(writer.reader, writer.reader.at, end))
    if (this.#timeLow === 0 && this.#timeHigh === 0) {
      this.#timeLow = writer.receivedLow
      this.#timeHigh = writer.receivedHigh
      writer.rowFlags |= rowFlags.timeReplaced
    }
    const side = writer.outside(this.#timeLow, this.#timeHigh)
    if (side === 0) this.#append()
    else writer.rejectTime('the time', side)
  }

  #walk(cursor: FieldCursor): void {
    while (cursor.next()) {
      const { field } = cursor
      const tag = (field << 3) | cursor.wireType
      if (tag === eventTags.attribute) {
        cursor.reader.at = cursor.start
        this.#writer.attributes.add(cursor.stop)
      } else if (tag === eventTags.time) {
        this.#timeLow = cursor.low
        this.#timeHigh = cursor.high
      } else if (tag === eventTags.durationNs) {
        this.#durationLow = cursor.low
        this.#durationHigh = cursor.high
      } else if (tag === eventTags.status) this.#status = cursor.low
      else if (tag === eventTags.severity) this.#severity = cursor.low
      else if (tag === eventTags.weight) this.#weight = cursor.double()
      else {
        this.#starts[field] = cursor.start
        this.#ends[field] = cursor.stop
      }
    }
  }

  #append(): void {
    const writer = this.#writer
    const { events, attributes } = writer
    const { bytes } = writer.reader
    events.time.push(this.#timeLow, this.#timeHigh)
    events.observedTime.push(writer.receivedLow, writer.receivedHigh)
    events.eventName.push(bytes, ...this.#text(fields.name))
    events.kind.push(0)
    events.status.push(this.#status)
    events.statusMessage.push(bytes, ...this.#text(fields.statusMessage))
    events.durationNs.push(this.#durationLow, this.#durationHigh)
    this.#id(events.traceId, fields.traceId, 16)
    this.#id(events.spanId, fields.spanId, 8)
    this.#id(events.parentSpanId, fields.parentId, 8)
    events.traceState.pushEmpty()
    events.flags.push(0)
    events.severity.push(this.#severity)
    events.severityText.push(bytes, ...this.#text(fields.severityText))
    events.body.push(bytes, ...this.#text(fields.body))
    this.#appendNoParts()
    events.weight.push(this.#weight)
    events.threshold.pushId(0)
    writer.appendCommon(signals.event, 0)
    events.exceptionType.push(bytes, attributes.exceptionTypeStart, attributes.exceptionTypeEnd)
    const { exceptionMessageStart: start, exceptionMessageEnd: end } = attributes
    events.exceptionMessage.push(bytes, start, writer.cap(start, end))
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
  }

  #text(field: number): readonly [start: number, end: number] {
    const start = this.#starts[field] as number
    return [start, this.#writer.cap(start, this.#ends[field] as number)]
  }

  #id(
    column: { push(source: Uint8Array, start: number): void; pushZeros(): void },
    field: number,
    width: number,
  ) {
    const writer = this.#writer
    const start = this.#starts[field] as number
    if (writer.validId(start, this.#ends[field] as number, width)) column.push(writer.reader.bytes, start)
    else column.pushZeros()
  }
}
