import type { MetricPointsTable } from '../../encode/tables/metric-points.ts'
import type { Redactor } from '../../redact/redact.ts'
import type { DecodeLimits } from '../decode-context.ts'
import type { DecodeNotes } from '../notes.ts'
import { JsonText } from '../wire/json-text.ts'
import type { Ranges } from '../wire/ranges.ts'
import type { WireReader } from '../wire/wire-reader.ts'
import { FieldCursor, wireTypes } from './field-cursor.ts'

/** Reads a point's exemplars into the five exemplar columns. An id of a wrong length is left out, the exemplar kept. */
export class ExemplarReader {
  readonly #reader: WireReader
  readonly #points: MetricPointsTable
  readonly #exemplarsMax: number
  readonly #json: JsonText
  #timeLow = 0
  #timeHigh = 0
  #value = 0
  #traceStart = -1
  #spanStart = -1

  constructor(
    reader: WireReader,
    points: MetricPointsTable,
    limits: DecodeLimits,
    redactor: Redactor | undefined,
  ) {
    this.#reader = reader
    this.#points = points
    this.#exemplarsMax = limits.spanEventsMax
    this.#json = new JsonText(reader, {
      depthMax: limits.valueDepthMax,
      leafBytesMax: limits.valueBytesMax,
      redactor,
    })
  }

  append(ranges: Ranges, notes: DecodeNotes): void {
    const points = this.#points
    const count = Math.min(ranges.count, this.#exemplarsMax)
    notes.omit('exemplar', ranges.count - count)
    this.#json.valuesCut = 0
    for (let i = 0; i < count; i++) this.#appendOne(ranges.start(i), ranges.end(i))
    notes.valuesCut += this.#json.valuesCut
    points.exemplarTime.endRow()
    points.exemplarValue.endRow()
    points.exemplarTraceId.endRow()
    points.exemplarSpanId.endRow()
    points.exemplarAttributes.endRow()
  }

  #appendOne(start: number, end: number): void {
    this.#timeLow = this.#timeHigh = this.#value = 0
    this.#traceStart = this.#spanStart = -1
    this.#json.clear()
    this.#json.out.u8(0x7b)
    const cursor = new FieldCursor(this.#reader, start, end)
    while (cursor.next()) {
      if (cursor.field === 7 && cursor.wireType === wireTypes.bytes) {
        this.#json.member(cursor.start, cursor.stop)
        this.#reader.at = cursor.stop
      } else this.#field(cursor)
    }
    this.#json.out.u8(0x7d)
    this.#push()
  }

  #field(cursor: FieldCursor): void {
    const { field, wireType } = cursor
    if (wireType === wireTypes.bytes) {
      if (field === 4 && cursor.stop - cursor.start === 8) this.#spanStart = cursor.start
      else if (field === 5 && cursor.stop - cursor.start === 16) this.#traceStart = cursor.start
    } else if (wireType === wireTypes.fixed64) {
      if (field === 2) {
        this.#timeLow = cursor.low
        this.#timeHigh = cursor.high
      } else if (field === 3) this.#value = cursor.double()
      else if (field === 6) this.#value = (cursor.high | 0) * 4294967296 + cursor.low
    }
  }

  #push(): void {
    const points = this.#points
    const bytes = this.#reader.bytes
    const { out } = this.#json
    points.exemplarTime.items.push(this.#timeLow, this.#timeHigh)
    points.exemplarValue.items.push(this.#value)
    if (this.#traceStart < 0) points.exemplarTraceId.items.pushZeros()
    else points.exemplarTraceId.items.push(bytes, this.#traceStart)
    if (this.#spanStart < 0) points.exemplarSpanId.items.pushZeros()
    else points.exemplarSpanId.items.push(bytes, this.#spanStart)
    points.exemplarAttributes.items.push(out.bytes, 0, out.length)
  }
}
