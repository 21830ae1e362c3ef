import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OrielError } from '@oriel/core'
import type { Disk } from './disk.ts'
import { writeDurably } from './durable-file.ts'

/** The journal's random name, made when its directory is; part of every insert token, so that two journals never share one. */
export async function readOrCreateJournalId(disk: Disk, journalDirectory: string): Promise<string> {
  const path = join(journalDirectory, 'id')
  try {
    const id = (await readFile(path, 'utf8')).trim()
    if (/^[0-9a-f]{16}$/.test(id)) return id
    throw new OrielError('corrupt', `journal id in ${path} is not 16 hex digits: restore it from a backup`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const id = randomBytes(8).toString('hex')
  await writeDurably(disk, path, [Buffer.from(`${id}\n`)])
  return id
}
