import { join } from 'node:path'
import type { RequestReceipt, TelemetryTable } from '@oriel/core'
import type { JournalRange, RangeTable } from '../journal.ts'
import type { BlockEntry, ManifestRecord } from './manifest.ts'

export interface TableContents {
  readonly schemaVersion: number
  rows: number
  bytes: number
  readonly blocks: BlockEntry[]
}

export const manifestFile = 'manifest'
export const planFile = 'plan'
export const doneFile = 'done'
export const tableFile = (table: TelemetryTable): string => `${table}.native`
export const blockFile = (table: TelemetryTable, blockId: string): string => `${table}.${blockId}.native`

/** What the durable records of one segment add up to. */
export class SegmentContents {
  readonly tables = new Map<TelemetryTable, TableContents>()
  readonly receipts: RequestReceipt[] = []
  groups = 0
  rows = 0
  bytes = 0
  oldestReceivedAtMs = Number.POSITIVE_INFINITY
  newestReceivedAtMs = 0

  add(record: ManifestRecord): void {
    for (const entry of record.blocks) this.#addBlock(entry)
    for (const receipt of record.receipts) {
      this.receipts.push(receipt)
      this.newestReceivedAtMs = Math.max(this.newestReceivedAtMs, receipt.receivedAtMs)
    }
    this.groups += record.groups
    this.oldestReceivedAtMs = Math.min(this.oldestReceivedAtMs, record.receivedAtMs)
    this.newestReceivedAtMs = Math.max(this.newestReceivedAtMs, record.receivedAtMs)
  }

  #addBlock(entry: BlockEntry): void {
    const { schemaVersion } = entry
    const table = this.tables.get(entry.table) ?? { schemaVersion, rows: 0, bytes: 0, blocks: [] }
    table.rows += entry.rows
    table.bytes += entry.length
    table.blocks.push(entry)
    this.tables.set(entry.table, table)
    this.rows += entry.rows
    this.bytes += entry.length
  }

  /** The whole segment as the one range it is. */
  range(id: string, directory: string): JournalRange {
    const tables: RangeTable[] = []
    for (const [table, { schemaVersion, rows, bytes, blocks }] of this.tables) {
      if (blocks.length === 0) continue
      const blockIds = blocks.map((block) => block.blockId)
      const source = { kind: 'files', paths: [join(directory, tableFile(table))] } as const
      tables.push({ table, schemaVersion, rows, bytes, blockIds, source })
    }
    return { id, tables, oldestReceivedAtMs: this.oldestReceivedAtMs }
  }
}
