import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { InsertPlan, PlannedInsert } from '../journal.ts'
import { planFile } from './contents.ts'
import type { Disk } from './disk.ts'
import { writeDurably } from './durable-file.ts'

type StoredInsert = Omit<PlannedInsert, 'source'> & { readonly files: readonly string[] }

/** Check sum in hex, line feed, JSON. Files are stored by name, so that the data directory may be moved. */
export async function writePlan(disk: Disk, directory: string, plan: InsertPlan): Promise<void> {
  const inserts = plan.inserts.map(({ source, ...insert }): StoredInsert => {
    if (source.kind !== 'files') throw new TypeError('a plan of the segments journal names files')
    return { ...insert, files: source.paths.map((path) => basename(path)) }
  })
  const payload = Buffer.from(JSON.stringify({ rangeId: plan.rangeId, inserts }))
  const checksum = Buffer.from(`${crc32(payload).toString(16).padStart(8, '0')}\n`)
  await writeDurably(disk, join(directory, planFile), [checksum, payload])
}

export type ReadPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'plan'; readonly plan: InsertPlan }
  | { readonly kind: 'corrupt' }

export async function readPlan(directory: string): Promise<ReadPlan> {
  let bytes: Buffer
  try {
    bytes = await readFile(join(directory, planFile))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'none' }
    throw error
  }
  const payload = bytes.subarray(9)
  const checksum = `${crc32(payload).toString(16).padStart(8, '0')}\n`
  if (bytes.subarray(0, 9).toString() !== checksum) return { kind: 'corrupt' }
  return { kind: 'plan', plan: parsePlan(payload, directory) }
}

/** The check sum vouches for the shape: only `writePlan` writes it. */
function parsePlan(payload: Uint8Array, directory: string): InsertPlan {
  const stored = JSON.parse(Buffer.from(payload).toString()) as {
    readonly rangeId: string
    readonly inserts: readonly StoredInsert[]
  }
  const inserts = stored.inserts.map(({ files, ...insert }): PlannedInsert => {
    return { ...insert, source: { kind: 'files', paths: files.map((file) => join(directory, file)) } }
  })
  return { rangeId: stored.rangeId, inserts }
}
