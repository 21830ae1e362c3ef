import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Block, BlockGroup, RequestReceipt, TelemetryTable } from '@oriel/core'
import { manifestFile, SegmentContents, tableFile } from './contents.ts'
import type { Disk, DiskFile } from './disk.ts'
import { type BlockEntry, encodeRecord } from './manifest.ts'

export type SyncMode = 'always' | 'never'

export interface OpenSegmentOptions {
  readonly disk: Disk
  readonly journalDirectory: string
  readonly directory: string
  readonly sequence: number
  readonly sync: SyncMode
}

interface TableWriter {
  readonly file: DiskFile
  /** End of the last durable block. */
  bytes: number
}

interface StagedTable {
  readonly table: TelemetryTable
  readonly writer: TableWriter
  readonly chunks: Uint8Array[]
  bytes: number
}

/**
 * The segment being written. One append round at a time: table files, sync, manifest record, sync.
 * A round that fails is cut off again; after a failed sync the segment takes no more (`broken`).
 */
export class OpenSegment {
  readonly contents = new SegmentContents()
  readonly directory: string
  readonly sequence: number
  broken = false
  /** A failed round could not be cut off: the files hold more than the manifest says. */
  needsCut = false
  readonly #options: OpenSegmentOptions
  readonly #manifest: DiskFile
  #manifestBytes = 0
  readonly #writers = new Map<TelemetryTable, TableWriter>()
  #directoryDirty = true
  #announced = false

  private constructor(options: OpenSegmentOptions, manifest: DiskFile) {
    this.#options = options
    this.#manifest = manifest
    this.directory = options.directory
    this.sequence = options.sequence
  }

  static async create(options: OpenSegmentOptions): Promise<OpenSegment> {
    await options.disk.makeDirectory(options.directory)
    const manifest = await options.disk.open(join(options.directory, manifestFile), 'create')
    return new OpenSegment(options, manifest)
  }

  /** Resolves when all groups are durable; rejects with none of them kept. */
  async append(groups: readonly BlockGroup[], receivedAtMs: number): Promise<void> {
    const staged = new Map<TelemetryTable, StagedTable>()
    try {
      const blocks: BlockEntry[] = []
      for (const block of groups.flatMap((group) => group.blocks))
        blocks.push(await this.#stage(staged, block))
      await this.#writeTables([...staged.values()])
      const receipts: RequestReceipt[] = groups.flatMap((group) => group.requests)
      const record = { groups: groups.length, receivedAtMs, blocks, receipts }
      const bytes = encodeRecord(record)
      await this.#manifest.write([bytes], this.#manifestBytes)
      await this.#sync([this.#manifest])
      this.#manifestBytes += bytes.length
      for (const { writer, bytes: added } of staged.values()) writer.bytes += added
      this.contents.add(record)
    } catch (error) {
      await this.cut()
      throw error
    }
  }

  async #stage(staged: Map<TelemetryTable, StagedTable>, block: Block): Promise<BlockEntry> {
    const { table, bytes, rows, schemaVersion, blockId } = block
    let of = staged.get(table)
    if (of === undefined) {
      of = { table, writer: await this.#writer(table), chunks: [], bytes: 0 }
      staged.set(table, of)
    }
    const offset = of.writer.bytes + of.bytes
    of.chunks.push(bytes)
    of.bytes += bytes.length
    return { table, offset, length: bytes.length, checksum: crc32(bytes), rows, schemaVersion, blockId }
  }

  async #writer(table: TelemetryTable): Promise<TableWriter> {
    let writer = this.#writers.get(table)
    if (writer === undefined) {
      const file = await this.#options.disk.open(join(this.directory, tableFile(table)), 'create')
      writer = { file, bytes: 0 }
      this.#writers.set(table, writer)
      this.#directoryDirty = true
    }
    return writer
  }

  async #writeTables(staged: readonly StagedTable[]): Promise<void> {
    await settleAll(staged.map(({ writer, chunks }) => writer.file.write(chunks, writer.bytes)))
    const { disk, journalDirectory, sync } = this.#options
    if (sync === 'never') return
    const directories = this.#directoryDirty ? [this.directory] : []
    if (!this.#announced) directories.push(journalDirectory)
    await this.#guardSync([
      ...staged.map(({ writer }) => writer.file.sync()),
      ...directories.map((directory) => disk.syncDirectory(directory)),
    ])
    this.#directoryDirty = false
    this.#announced = true
  }

  async #sync(files: readonly DiskFile[]): Promise<void> {
    if (this.#options.sync === 'never') return
    await this.#guardSync(files.map((file) => file.sync()))
  }

  /** The kernel may drop dirty pages after a failed sync and report the next one as fine: never append here again. */
  async #guardSync(syncs: readonly Promise<void>[]): Promise<void> {
    try {
      await settleAll(syncs)
    } catch (error) {
      this.broken = true
      throw error
    }
  }

  /** Cuts every file back to its last durable byte. Safe to call again after it failed. */
  async cut(): Promise<void> {
    const files = [...this.#writers.values()]
    try {
      await this.#manifest.truncate(this.#manifestBytes)
      await settleAll(files.map(({ file, bytes }) => file.truncate(bytes)))
      if (this.#options.sync === 'always')
        await settleAll([this.#manifest, ...files.map((of) => of.file)].map((of) => of.sync()))
      this.needsCut = false
    } catch {
      this.broken = true
      this.needsCut = true
    }
  }

  async close(): Promise<void> {
    await settleAll(
      [this.#manifest, ...[...this.#writers.values()].map((of) => of.file)].map((of) => of.close()),
    )
  }
}

/** Waits for all of them even when one fails, so that nothing is still in flight when the cut begins. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(promises)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
