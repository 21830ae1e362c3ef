import type { BlockGroup, TelemetryTable } from '@oriel/core'
import type { SegmentContents } from './contents.ts'

/** How large a segment grows before it is sealed, over all tables. */
export interface SegmentBounds {
  readonly rows: number
  readonly bytes: number
}

/** What still fits into a segment while a round is put together. */
export class Room {
  readonly #bounds: SegmentBounds
  readonly #versions = new Map<TelemetryTable, number>()
  #rows: number
  #bytes: number
  #empty: boolean

  constructor(contents: SegmentContents, bounds: SegmentBounds) {
    this.#bounds = bounds
    this.#rows = contents.rows
    this.#bytes = contents.bytes
    this.#empty = contents.groups === 0
    for (const [table, { schemaVersion }] of contents.tables) this.#versions.set(table, schemaVersion)
  }

  /**
   * Takes the group if no bound is passed and no table changes its columns; otherwise takes nothing of it.
   * An empty segment takes a group of any size: a group is never cut.
   */
  take(group: BlockGroup): boolean {
    let rows = this.#rows
    let bytes = this.#bytes
    for (const block of group.blocks) {
      rows += block.rows
      bytes += block.bytes.length
      if ((this.#versions.get(block.table) ?? block.schemaVersion) !== block.schemaVersion) return false
    }
    if (!this.#empty && (rows > this.#bounds.rows || bytes > this.#bounds.bytes)) return false
    for (const { table, schemaVersion } of group.blocks) this.#versions.set(table, schemaVersion)
    this.#rows = rows
    this.#bytes = bytes
    this.#empty = false
    return true
  }
}
