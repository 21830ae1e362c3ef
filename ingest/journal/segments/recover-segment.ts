import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlockGroup, TelemetryTable } from '@oriel/core'
import type { InsertPlan } from '../journal.ts'
import type { OnRefusedBlock } from '../refused-block.ts'
import { doneFile, manifestFile, planFile, SegmentContents, tableFile } from './contents.ts'
import type { Disk } from './disk.ts'
import { type BlockEntry, decodeManifest, type ManifestRecord } from './manifest.ts'
import { OpenSegment } from './open-segment.ts'
import { readPlan } from './plan-file.ts'
import { type ReadBlock, readBlocks } from './read-blocks.ts'
import { repairBlockFiles, withoutTables } from './repair-plan.ts'

export interface RecoverOptions {
  readonly disk: Disk
  readonly journalDirectory: string
  readonly directory: string
  readonly sequence: number
  readonly rangeId: string
  readonly onRefused: OnRefusedBlock
}

export interface RecoveredSegment {
  readonly kind: 'done' | 'pending'
  readonly sequence: number
  readonly directory: string
  readonly contents: SegmentContents
  readonly plan: InsertPlan | undefined
  /** Bytes after the last durable record, dropped: never acknowledged. */
  readonly tornBytes: number
  readonly corruptBlocks: number
}

/** Brings one segment of the run before to a state the writer can trust, or to `done`. */
export async function recoverSegment(options: RecoverOptions): Promise<RecoveredSegment> {
  const { directory, sequence } = options
  const { records, tornBytes: tornManifestBytes } = await readManifest(options)
  const contents = contentsOf(records)
  const base = { sequence, directory, contents, corruptBlocks: 0, plan: undefined }
  if (await exists(join(directory, doneFile))) return { ...base, kind: 'done', tornBytes: 0 }
  const tornBytes = tornManifestBytes + (await cutTables(options, contents))
  const read = await readPlan(directory)
  const corrupt = await findCorrupt(directory, contents, read.kind === 'corrupt')
  if (read.kind === 'plan') {
    const plan = await recoverPlanned(options, { contents, plan: read.plan, corrupt })
    return { ...base, kind: 'pending', plan, tornBytes, corruptBlocks: corrupt.length }
  }
  if (corrupt.length === 0) return { ...base, kind: 'pending', tornBytes }
  for (const block of corrupt) await refuse(options, block)
  const salvaged = await salvage(options, records, corrupt)
  return { ...base, kind: 'pending', contents: salvaged, tornBytes, corruptBlocks: corrupt.length }
}

async function readManifest(options: RecoverOptions) {
  const path = join(options.directory, manifestFile)
  if (!(await exists(path))) return { records: [], tornBytes: 0 }
  const bytes = await readFile(path)
  const { records, validBytes } = decodeManifest(bytes)
  if (validBytes < bytes.length) await cutFile(options.disk, path, validBytes)
  return { records, tornBytes: bytes.length - validBytes }
}

function contentsOf(records: readonly ManifestRecord[]): SegmentContents {
  const contents = new SegmentContents()
  for (const record of records) contents.add(record)
  return contents
}

/** Cuts every table file to its last record, and removes files no record speaks of. */
async function cutTables({ disk, directory }: RecoverOptions, contents: SegmentContents): Promise<number> {
  const ends = new Map([...contents.tables].map(([table, { bytes }]) => [tableFile(table), bytes]))
  let torn = 0
  for (const name of await readdir(directory)) {
    if (name === manifestFile || name === planFile) continue
    const path = join(directory, name)
    const { size } = await stat(path)
    const end = ends.get(name)
    if (end !== undefined && size > end) await cutFile(disk, path, end)
    if (end !== undefined) torn += Math.max(0, size - end)
    else if (name.endsWith('.tmp') || isTableFile(name)) {
      torn += size
      await disk.remove(path)
    }
  }
  return torn
}

const isTableFile = (name: string): boolean => /^[a-z_]+\.native$/.test(name)

async function cutFile(disk: Disk, path: string, bytes: number): Promise<void> {
  const file = await disk.open(path, 'existing')
  try {
    await file.truncate(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function findCorrupt(directory: string, contents: SegmentContents, all: boolean): Promise<ReadBlock[]> {
  const found: ReadBlock[] = []
  for (const [table, { blocks }] of contents.tables) {
    for await (const block of readBlocks(directory, table, blocks))
      if (all || !block.intact) found.push(block)
  }
  return found
}

/**
 * The insert of a planned table may have happened, wholly or in part, and cannot be repeated without its exact bytes:
 * the table's blocks are set aside, so that nothing is doubled and nothing corrupt is stored.
 */
async function recoverPlanned(
  options: RecoverOptions,
  found: {
    readonly contents: SegmentContents
    readonly plan: InsertPlan
    readonly corrupt: readonly ReadBlock[]
  },
): Promise<InsertPlan> {
  const { contents, plan, corrupt } = found
  const tables = new Set<TelemetryTable>(corrupt.map(({ entry }) => entry.table))
  for (const table of tables) {
    const { blocks = [] } = contents.tables.get(table) ?? {}
    for await (const block of readBlocks(options.directory, table, blocks)) await refuse(options, block)
  }
  const kept = tables.size === 0 ? plan : await withoutTables(options, plan, tables)
  await repairBlockFiles(options, contents, kept)
  return kept
}

function refuse({ onRefused, rangeId }: RecoverOptions, { entry, bytes, intact }: ReadBlock): Promise<void> {
  const { table, schemaVersion, blockId, rows } = entry
  const message = intact
    ? 'the plan of its range cannot be trusted, and it may have been stored already'
    : `check sum of the block in the journal does not match (${bytes.length} of ${entry.length} bytes)`
  return onRefused({
    block: { table, schemaVersion, blockId, rows, bytes },
    code: 'corrupt',
    message,
    rangeId,
  })
}

/** Writes the intact blocks into a new segment of the same number, and swaps it in. */
async function salvage(
  options: RecoverOptions,
  records: readonly ManifestRecord[],
  corrupt: readonly ReadBlock[],
): Promise<SegmentContents> {
  const { disk, directory, journalDirectory, sequence } = options
  const lost = new Set<BlockEntry>(corrupt.map(({ entry }) => entry))
  const target = `${directory}.salvage`
  await disk.remove(target)
  const segment = await OpenSegment.create({
    disk,
    journalDirectory,
    directory: target,
    sequence,
    sync: 'always',
  })
  try {
    for (const record of records) {
      const group = await readGroup(directory, record, lost)
      await segment.append([group], record.receivedAtMs)
    }
  } finally {
    await segment.close()
  }
  await disk.syncDirectory(target)
  await disk.rename(directory, `${directory}.corrupt`)
  await disk.rename(target, directory)
  await disk.syncDirectory(journalDirectory)
  await disk.remove(`${directory}.corrupt`)
  return segment.contents
}

async function readGroup(
  directory: string,
  record: ManifestRecord,
  lost: ReadonlySet<BlockEntry>,
): Promise<BlockGroup> {
  const blocks: BlockGroup['blocks'][number][] = []
  for (const entry of record.blocks.filter((of) => !lost.has(of))) {
    for await (const { bytes } of readBlocks(directory, entry.table, [entry]))
      blocks.push({ ...entry, bytes })
  }
  return { blocks, requests: record.receipts }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
