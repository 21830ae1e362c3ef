import type { MapColumn } from '../../encode/array-columns.ts'
import { attributeTypes } from '../../encode/enum-types.ts'
import type { StringColumn } from '../../encode/string-column.ts'
import type { EventsTable } from '../../encode/tables/events.ts'
import type { TableSet } from '../../encode/tables/table-set.ts'
import { epochSeconds } from './epoch-seconds.ts'
import { GroupTable } from './group-table.ts'
import { defaultValueLimits, type ValueLimits, ValueMemory } from './value-memory.ts'

/** Values are looked at in one row of so many; the first rows of each key of a block always are. */
const sampleEvery = 16
const firstRows = 4

/**
 * attribute_catalogue: for each key one row per block with the exact count, and a row for each value not yet written
 * this hour (its count is 1: the value exists, how often is for the events to say).
 */
export class CatalogueDeriver {
  readonly #memory: ValueMemory
  readonly #valueBytesMax: number
  /** tenant, service, signal, hour, key, type */
  readonly #groups = new GroupTable(6)
  readonly #key = new Int32Array(6)
  readonly #counts: number[] = []
  readonly #values: Set<string>[] = []
  #lastSeen = 0

  constructor(limits: ValueLimits = defaultValueLimits) {
    this.#memory = new ValueMemory(limits)
    this.#valueBytesMax = limits.valueBytesMax
  }

  /** After a group could not be appended, its values count as not written. */
  forget(): void {
    this.#memory.clear()
  }

  derive(tables: TableSet, nowMs: number): void {
    this.#groups.reset()
    this.#counts.length = 0
    this.#values.length = 0
    this.#memory.trim()
    this.#lastSeen = Math.floor(nowMs / 1000)
    const { str, num, bool } = tables.events.attributes
    this.#strings(tables, str)
    this.#map(tables, num, attributeTypes.number, (entry) => String(num.values.cells[entry]))
    this.#map(tables, bool, attributeTypes.bool, (entry) =>
      bool.values.cells[entry] === 1 ? 'true' : 'false',
    )
    for (let group = 0; group < this.#groups.size; group++)
      this.#write(tables, group, '', this.#counts[group] ?? 0)
  }

  #strings(tables: TableSet, map: MapColumn<StringColumn>): void {
    const { bytes } = map.values.data
    let at = 0
    let length = 0
    this.#map(
      tables,
      map,
      attributeTypes.string,
      () =>
        length === 0 || length > this.#valueBytesMax ? undefined : bytes.toString('utf8', at, at + length),
      () => {
        at += length
        length = 0
        for (let shift = 0; ; shift += 7) {
          const byte = bytes[at++] as number
          length |= (byte & 127) << shift
          if (byte < 128) break
        }
      },
    )
  }

  /** Visits the entries of one map in order; `advance` steps to the next value, `read` makes it a text. */
  // biome-ignore lint/complexity/useMaxParams: private, and an options object would be made per block for nothing
  #map(
    tables: TableSet,
    map:
      | MapColumn<never>
      | MapColumn<StringColumn>
      | EventsTable['attributes']['num']
      | EventsTable['attributes']['bool'],
    type: number,
    read: (entry: number) => string | undefined,
    advance?: () => void,
  ): void {
    const { events } = tables
    const offsets = map.offsets.cells
    const ids = map.keys.ids.cells
    const key = this.#key
    key[5] = type
    let entry = 0
    for (let row = 0; row < events.rows; row++) {
      const end = offsets[row * 2] as number
      if (entry === end) continue
      this.#rowKey(events, row)
      for (; entry < end; entry++) {
        key[4] = ids[entry] as number
        const size = this.#groups.size
        const group = this.#groups.find(key)
        if (group === size) this.#open(tables)
        const count = (this.#counts[group] as number) + 1
        this.#counts[group] = count
        advance?.()
        if (count <= firstRows || row % sampleEvery === 0) this.#value(tables, group, () => read(entry))
      }
    }
  }

  #rowKey(events: EventsTable, row: number): void {
    const key = this.#key
    const seconds = epochSeconds(
      events.time.cells[row * 2] as number,
      events.time.cells[row * 2 + 1] as number,
    )
    key[0] = events.tenant.ids.cells[row] as number
    key[1] = events.service.ids.cells[row] as number
    key[2] = events.signal.cells[row] as number
    key[3] = seconds - (seconds % 3600)
  }

  #open(tables: TableSet): void {
    const { tenant, service, attributes } = tables.events
    const key = this.#key
    const names = [
      tenant.dictionary.text(key[0] as number),
      service.dictionary.text(key[1] as number),
      attributes.keys.text(key[4] as number),
    ]
    this.#counts.push(0)
    this.#values.push(this.#memory.values(`${key[2]}:${key[3]}:${key[5]}:${JSON.stringify(names)}`))
  }

  #value(tables: TableSet, group: number, read: () => string | undefined): void {
    const values = this.#values[group]
    if (values === undefined || this.#memory.full(values)) return
    const value = read()
    if (value === undefined || value === '') return
    if (this.#memory.note(values, value)) this.#write(tables, group, value, 1)
  }

  #write({ events, attributeCatalogue }: TableSet, group: number, value: string, rows: number): void {
    const groups = this.#groups
    attributeCatalogue.tenant.pushText(events.tenant.dictionary.text(groups.cell(group, 0)))
    attributeCatalogue.hour.push(groups.cell(group, 3))
    attributeCatalogue.signal.push(groups.cell(group, 2))
    attributeCatalogue.scope.push(1)
    attributeCatalogue.service.pushText(events.service.dictionary.text(groups.cell(group, 1)))
    const names = events.attributes.keys
    const keyId = groups.cell(group, 4)
    attributeCatalogue.key.push(names.bytes.bytes, names.start(keyId), names.end(keyId))
    attributeCatalogue.type.push(groups.cell(group, 5))
    attributeCatalogue.value.pushText(value)
    attributeCatalogue.rowCount.push(rows, 0)
    attributeCatalogue.lastSeen.push(this.#lastSeen)
  }
}
