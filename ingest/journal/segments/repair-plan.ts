import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { TelemetryTable } from '@oriel/core'
import type { InsertPlan } from '../journal.ts'
import { blockFile, type SegmentContents } from './contents.ts'
import type { Disk } from './disk.ts'
import { writeDurably } from './durable-file.ts'
import type { BlockEntry } from './manifest.ts'
import { writePlan } from './plan-file.ts'
import { readBlocks } from './read-blocks.ts'

interface Place {
  readonly disk: Disk
  readonly directory: string
}

/** The plan less the tables that must not be inserted any more, durable when it resolves. */
export async function withoutTables(
  { disk, directory }: Place,
  plan: InsertPlan,
  tables: ReadonlySet<TelemetryTable>,
): Promise<InsertPlan> {
  const kept = { ...plan, inserts: plan.inserts.filter((insert) => !tables.has(insert.table)) }
  await writePlan(disk, directory, kept)
  return kept
}

/** Writes anew, from the verified table file, every single-block file of the plan that is missing or damaged. */
export async function repairBlockFiles(
  place: Place,
  contents: SegmentContents,
  plan: InsertPlan,
): Promise<void> {
  const planned = new Set(plan.inserts.flatMap(({ source }) => (source.kind === 'files' ? source.paths : [])))
  const names = new Set([...planned].map((path) => basename(path)))
  for (const { blocks } of contents.tables.values()) {
    for (const entry of blocks)
      if (names.has(blockFile(entry.table, entry.blockId))) await repair(place, entry)
  }
}

async function repair({ disk, directory }: Place, entry: BlockEntry): Promise<void> {
  const path = join(directory, blockFile(entry.table, entry.blockId))
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes !== undefined && bytes.length === entry.length && crc32(bytes) === entry.checksum) return
  for await (const block of readBlocks(directory, entry.table, [entry]))
    await writeDurably(disk, path, [block.bytes])
}
