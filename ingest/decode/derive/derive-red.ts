import { durationBucket, statuses } from '@oriel/core'
import type { EventsTable } from '../../encode/tables/events.ts'
import type { TableSet } from '../../encode/tables/table-set.ts'
import { epochSeconds } from './epoch-seconds.ts'
import { GroupTable } from './group-table.ts'

/** Severity ERROR of OpenTelemetry: a log record from here on counts as an error. */
const errorSeverity = 17

/** Rate, errors and duration of the block's rows per tenant, minute, signal, service, name, kind and root. */
export class RedDeriver {
  readonly #groups = new GroupTable(7)
  readonly #key = new Int32Array(7)
  readonly #buckets = new GroupTable(2)
  readonly #bucketKey = new Int32Array(2)
  readonly #bucketWeight: number[] = []
  /** Buckets of a group as a chain: the newest first, each pointing to the one before (−1 ends). */
  readonly #bucketBefore: number[] = []
  readonly #lastBucket: number[] = []
  readonly #rows: number[] = []
  readonly #weight: number[] = []
  readonly #errorWeight: number[] = []
  readonly #durationWeight: number[] = []

  derive(tables: TableSet): void {
    const { events } = tables
    this.#reset()
    for (let row = 0; row < events.rows; row++) this.#count(events, row)
    for (let group = 0; group < this.#groups.size; group++) this.#write(tables, group)
  }

  #reset(): void {
    this.#groups.reset()
    this.#buckets.reset()
    for (const list of [this.#bucketWeight, this.#bucketBefore, this.#lastBucket, this.#rows]) list.length = 0
    for (const list of [this.#weight, this.#errorWeight, this.#durationWeight]) list.length = 0
  }

  #count(events: EventsTable, row: number): void {
    const key = this.#key
    const seconds = epochSeconds(
      events.time.cells[row * 2] as number,
      events.time.cells[row * 2 + 1] as number,
    )
    key[0] = events.tenant.ids.cells[row] as number
    key[1] = seconds - (seconds % 60)
    key[2] = events.signal.cells[row] as number
    key[3] = events.service.ids.cells[row] as number
    key[4] = events.eventName.ids.cells[row] as number
    key[5] = events.kind.cells[row] as number
    key[6] = isRoot(events.parentSpanId.cells, row * 8) ? 1 : 0
    const size = this.#groups.size
    const group = this.#groups.find(key)
    if (group === size) this.#open()
    const weight = events.weight.cells[row] as number
    const durationNs =
      (events.durationNs.cells[row * 2 + 1] as number) * 4294967296 +
      (events.durationNs.cells[row * 2] as number)
    this.#rows[group] = (this.#rows[group] as number) + 1
    this.#weight[group] = (this.#weight[group] as number) + weight
    const failed =
      events.status.cells[row] === statuses.error || (events.severity.cells[row] as number) >= errorSeverity
    if (failed) this.#errorWeight[group] = (this.#errorWeight[group] as number) + weight
    this.#durationWeight[group] = (this.#durationWeight[group] as number) + durationNs * weight
    this.#addBucket(group, durationBucket(durationNs), weight)
  }

  #open(): void {
    this.#rows.push(0)
    this.#weight.push(0)
    this.#errorWeight.push(0)
    this.#durationWeight.push(0)
    this.#lastBucket.push(-1)
  }

  #addBucket(group: number, bucket: number, weight: number): void {
    this.#bucketKey[0] = group
    this.#bucketKey[1] = bucket
    const size = this.#buckets.size
    const entry = this.#buckets.find(this.#bucketKey)
    if (entry === size) {
      this.#bucketWeight.push(weight)
      this.#bucketBefore.push(this.#lastBucket[group] as number)
      this.#lastBucket[group] = entry
    } else this.#bucketWeight[entry] = (this.#bucketWeight[entry] as number) + weight
  }

  #write({ events, redMinute }: TableSet, group: number): void {
    const groups = this.#groups
    redMinute.tenant.pushText(events.tenant.dictionary.text(groups.cell(group, 0)))
    redMinute.minute.push(groups.cell(group, 1))
    redMinute.signal.push(groups.cell(group, 2))
    redMinute.service.pushText(events.service.dictionary.text(groups.cell(group, 3)))
    const names = events.eventName.dictionary
    const nameId = groups.cell(group, 4)
    redMinute.eventName.push(names.bytes.bytes, names.start(nameId), names.end(nameId))
    redMinute.kind.push(groups.cell(group, 5))
    redMinute.root.push(groups.cell(group, 6))
    redMinute.rowCount.push(this.#rows[group] as number, 0)
    redMinute.weight.push(this.#weight[group] as number)
    redMinute.errorWeight.push(this.#errorWeight[group] as number)
    redMinute.durationWeightNs.push(this.#durationWeight[group] as number)
    const { durationBuckets } = redMinute
    for (
      let entry = this.#lastBucket[group] as number;
      entry >= 0;
      entry = this.#bucketBefore[entry] as number
    ) {
      durationBuckets.keys.push(this.#buckets.cell(entry, 1))
      durationBuckets.values.push(this.#bucketWeight[entry] as number)
    }
    durationBuckets.endRow()
  }
}

function isRoot(cells: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 8; at++) if (cells[at] !== 0) return false
  return true
}
