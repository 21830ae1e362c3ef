import { dirname } from 'node:path'
import type { Disk } from './disk.ts'

/** Writes a whole file so that a crash at any point leaves the old content or the new, never a part. */
export async function writeDurably(disk: Disk, path: string, chunks: readonly Uint8Array[]): Promise<void> {
  const temporary = `${path}.tmp`
  await disk.remove(temporary)
  const file = await disk.open(temporary, 'create')
  try {
    await file.write(chunks, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await disk.rename(temporary, path)
  await disk.syncDirectory(dirname(path))
}
