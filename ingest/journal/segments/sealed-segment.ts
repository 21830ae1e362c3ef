import { join } from 'node:path'
import type { TelemetryTable } from '@oriel/core'
import type { InsertPlan, JournalRange, JournalWork, RangeBlock } from '../journal.ts'
import { blockFile, doneFile, type SegmentContents } from './contents.ts'
import type { Disk } from './disk.ts'
import { writeDurably } from './durable-file.ts'
import type { OpenSegment } from './open-segment.ts'
import { writePlan } from './plan-file.ts'
import { readBlocks } from './read-blocks.ts'
import { removeSources } from './recover-journal.ts'

export interface SealedSegmentOptions {
  readonly disk: Disk
  readonly sequence: number
  readonly directory: string
  readonly contents: SegmentContents
  readonly rangeId: string
  readonly plan?: InsertPlan | undefined
  /** Still open, because its last failed round could not be cut off yet. */
  readonly open?: OpenSegment | undefined
}

/** A segment that takes no more groups: one range, on its way to be planned, inserted and committed. */
export class SealedSegment {
  readonly sequence: number
  readonly directory: string
  readonly contents: SegmentContents
  readonly range: JournalRange
  plan: InsertPlan | undefined
  readonly #disk: Disk
  #open: OpenSegment | undefined

  constructor(options: SealedSegmentOptions) {
    this.sequence = options.sequence
    this.directory = options.directory
    this.contents = options.contents
    this.range = options.contents.range(options.rangeId, options.directory)
    this.plan = options.plan
    this.#disk = options.disk
    this.#open = options.open
  }

  work(): JournalWork {
    const { range, plan } = this
    return plan === undefined ? { kind: 'range', range } : { kind: 'plan', range, plan }
  }

  /** Whether the files hold exactly what the manifest says; tries to make it so. */
  async isCut(): Promise<boolean> {
    if (this.#open === undefined) return true
    await this.#open.cut()
    if (this.#open.needsCut) return false
    await this.release()
    return true
  }

  async keepPlan(plan: InsertPlan): Promise<void> {
    await writePlan(this.#disk, this.directory, plan)
    this.plan = plan
  }

  async split(table: TelemetryTable): Promise<readonly RangeBlock[]> {
    const split: RangeBlock[] = []
    for await (const { entry, bytes } of readBlocks(
      this.directory,
      table,
      this.contents.tables.get(table)?.blocks ?? [],
    )) {
      const { schemaVersion, blockId, rows } = entry
      const path = join(this.directory, blockFile(table, blockId))
      await writeDurably(this.#disk, path, [bytes])
      split.push({
        block: { table, schemaVersion, blockId, rows, bytes },
        source: { kind: 'files', paths: [path] },
      })
    }
    return split
  }

  /** Marks the segment as stored, durably, before its sources go. */
  async finish(): Promise<void> {
    await writeDurably(this.#disk, join(this.directory, doneFile), [])
    // what cannot be removed now is removed at the next start
    await removeSources(this.#disk, this.directory).catch(() => undefined)
  }

  async release(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    await open?.close().catch(() => undefined)
  }
}
