import { signals, statuses } from '@oriel/core'
import type { EventsTable } from '../../encode/tables/events.ts'
import type { TableSet } from '../../encode/tables/table-set.ts'
import { epochSeconds } from './epoch-seconds.ts'
import { GroupTable } from './group-table.ts'

const word = 4294967296
const daySeconds = 86_400

function isZero(cells: Uint8Array, from: number, width: number): boolean {
  for (let at = from; at < from + width; at++) if (cells[at] !== 0) return false
  return true
}

/** One trace_index row per tenant and trace id of the block. Bounds are exact: halves are compared, not doubles. */
export class TraceDeriver {
  readonly #groups = new GroupTable(5)
  readonly #key = new Int32Array(5)
  /** Per trace: row with the least start, row with the root (or −1), span, error and log counts, latest end. */
  #firstRow: number[] = []
  #rootRow: number[] = []
  #spans: number[] = []
  #errors: number[] = []
  #logs: number[] = []
  #endLow: number[] = []
  #endHigh: number[] = []

  derive(tables: TableSet): void {
    const { events } = tables
    this.#reset()
    const ids = events.traceId.cells
    const words = new Int32Array(ids.buffer, ids.byteOffset, ids.length >> 2)
    for (let row = 0; row < events.rows; row++) {
      const at = row * 4
      this.#key[0] = words[at] as number
      this.#key[1] = words[at + 1] as number
      this.#key[2] = words[at + 2] as number
      this.#key[3] = words[at + 3] as number
      if ((words[at] as number) === 0 && isZero(ids, row * 16, 16)) continue
      this.#key[4] = events.tenant.ids.cells[row] as number
      const size = this.#groups.size
      const trace = this.#groups.find(this.#key)
      if (trace === size) this.#open(row)
      this.#count(events, trace, row)
    }
    for (let trace = 0; trace < this.#groups.size; trace++) this.#write(tables, trace)
  }

  #reset(): void {
    this.#groups.reset()
    for (const list of [this.#firstRow, this.#rootRow, this.#spans, this.#errors, this.#logs]) list.length = 0
    this.#endLow.length = 0
    this.#endHigh.length = 0
  }

  #open(row: number): void {
    this.#firstRow.push(row)
    this.#rootRow.push(-1)
    this.#spans.push(0)
    this.#errors.push(0)
    this.#logs.push(0)
    this.#endLow.push(0)
    this.#endHigh.push(0)
  }

  #count(events: EventsTable, trace: number, row: number): void {
    const time = events.time.cells
    const low = time[row * 2] as number
    const high = time[row * 2 + 1] as number
    const first = this.#firstRow[trace] as number
    const firstHigh = time[first * 2 + 1] as number
    if (high < firstHigh || (high === firstHigh && low < (time[first * 2] as number)))
      this.#firstRow[trace] = row
    this.#extend(events, trace, row)
    if (events.signal.cells[row] === signals.log) {
      this.#logs[trace] = (this.#logs[trace] as number) + 1
      return
    }
    this.#spans[trace] = (this.#spans[trace] as number) + 1
    if (events.status.cells[row] === statuses.error) this.#errors[trace] = (this.#errors[trace] as number) + 1
    if (isZero(events.parentSpanId.cells, row * 8, 8)) this.#rootRow[trace] = row
  }

  #extend(events: EventsTable, trace: number, row: number): void {
    const durations = events.durationNs.cells
    const sum = (events.time.cells[row * 2] as number) + (durations[row * 2] as number)
    const carry = sum >= word ? 1 : 0
    const low = sum - carry * word
    const high = (events.time.cells[row * 2 + 1] as number) + (durations[row * 2 + 1] as number) + carry
    const latest = this.#endHigh[trace] as number
    if (high > latest || (high === latest && low > (this.#endLow[trace] as number))) {
      this.#endLow[trace] = low
      this.#endHigh[trace] = high
    }
  }

  #write({ events, traceIndex }: TableSet, trace: number): void {
    const first = this.#firstRow[trace] as number
    const low = events.time.cells[first * 2] as number
    const high = events.time.cells[first * 2 + 1] as number
    traceIndex.tenant.pushText(events.tenant.dictionary.text(events.tenant.ids.cells[first] as number))
    traceIndex.traceId.push(events.traceId.cells, first * 16)
    traceIndex.day.push(Math.floor(epochSeconds(low, high) / daySeconds))
    traceIndex.start.push(low, high)
    traceIndex.end.push(this.#endLow[trace] as number, this.#endHigh[trace] as number)
    traceIndex.spans.push(this.#spans[trace] as number, 0)
    traceIndex.errors.push(this.#errors[trace] as number, 0)
    traceIndex.logs.push(this.#logs[trace] as number, 0)
    const root = this.#rootRow[trace] as number
    if (root < 0) {
      traceIndex.rootService.pushEmpty()
      traceIndex.rootName.pushEmpty()
      traceIndex.rootDurationNs.push(0, 0)
      return
    }
    const { service, eventName, durationNs } = events
    const serviceId = service.ids.cells[root] as number
    const nameId = eventName.ids.cells[root] as number
    const services = service.dictionary
    traceIndex.rootService.push(services.bytes.bytes, services.start(serviceId), services.end(serviceId))
    const names = eventName.dictionary
    traceIndex.rootName.push(names.bytes.bytes, names.start(nameId), names.end(nameId))
    traceIndex.rootDurationNs.push(
      durationNs.cells[root * 2] as number,
      durationNs.cells[root * 2 + 1] as number,
    )
  }
}
