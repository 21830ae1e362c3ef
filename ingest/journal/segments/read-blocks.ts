import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { TelemetryTable } from '@oriel/core'
import { tableFile } from './contents.ts'
import type { BlockEntry } from './manifest.ts'

export interface ReadBlock {
  readonly entry: BlockEntry
  /** Shorter than the entry says when the file ends early. */
  readonly bytes: Uint8Array
  readonly intact: boolean
}

/** Reads one table's blocks in order, one in memory at a time. A missing file reads as empty. */
export async function* readBlocks(
  directory: string,
  table: TelemetryTable,
  entries: readonly BlockEntry[],
): AsyncGenerator<ReadBlock> {
  const handle = await openIfThere(join(directory, tableFile(table)))
  try {
    for (const entry of entries) {
      const bytes = handle === undefined ? new Uint8Array(0) : await readRange(handle, entry)
      const intact = bytes.length === entry.length && crc32(bytes) === entry.checksum
      yield { entry, bytes, intact }
    }
  } finally {
    await handle?.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function readRange(handle: FileHandle, { offset, length }: BlockEntry): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(length)
  let have = 0
  while (have < length) {
    const { bytesRead } = await handle.read(bytes, have, length - have, offset + have)
    if (bytesRead === 0) break
    have += bytesRead
  }
  return bytes.subarray(0, have)
}
