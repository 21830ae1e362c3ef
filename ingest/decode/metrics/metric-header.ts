import type { MetricType } from '@oriel/core'
import type { WireReader } from '../wire/wire-reader.ts'
import { FieldCursor, wireTypes } from './field-cursor.ts'

/** Fields of Metric in metrics.proto that hold its points. */
const typeOfField: Readonly<Record<number, MetricType>> = {
  5: 'gauge',
  7: 'sum',
  9: 'histogram',
  10: 'exponential_histogram',
  11: 'summary',
}

/** What all points of one Metric share, as byte ranges; read whole before its points, wherever the fields stand. */
export class MetricHeader {
  nameStart = 0
  nameEnd = 0
  descriptionStart = 0
  descriptionEnd = 0
  unitStart = 0
  unitEnd = 0
  type: MetricType | undefined
  dataStart = 0
  dataEnd = 0
  temporality = 0
  monotonic = 0

  get longest(): number {
    return Math.max(this.nameEnd - this.nameStart, this.unitEnd - this.unitStart)
  }

  /** Of several data members the last wins, as in any oneof. */
  read(reader: WireReader, end: number): void {
    this.nameEnd = this.nameStart = this.descriptionEnd = this.descriptionStart = 0
    this.unitEnd = this.unitStart = this.dataEnd = this.dataStart = 0
    this.type = undefined
    const cursor = new FieldCursor(reader, reader.at, end)
    while (cursor.next()) {
      if (cursor.wireType === wireTypes.bytes) this.#keep(cursor)
    }
    this.#readTerms(reader)
  }

  #keep({ field, start, stop }: FieldCursor): void {
    if (field === 1) [this.nameStart, this.nameEnd] = [start, stop]
    else if (field === 2) [this.descriptionStart, this.descriptionEnd] = [start, stop]
    else if (field === 3) [this.unitStart, this.unitEnd] = [start, stop]
    else if (typeOfField[field] !== undefined) {
      this.type = typeOfField[field]
      this.dataStart = start
      this.dataEnd = stop
    }
  }

  #readTerms(reader: WireReader): void {
    this.temporality = 0
    this.monotonic = 0
    if (this.type === undefined || this.type === 'gauge' || this.type === 'summary') return
    const cursor = new FieldCursor(reader, this.dataStart, this.dataEnd)
    while (cursor.next()) {
      if (cursor.wireType !== wireTypes.varint) continue
      if (cursor.field === 2) this.temporality = cursor.low
      else if (cursor.field === 3 && this.type === 'sum') this.monotonic = cursor.low === 0 ? 0 : 1
    }
  }
}
