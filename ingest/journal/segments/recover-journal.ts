import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { OnRefusedBlock } from '../refused-block.ts'
import { doneFile, manifestFile } from './contents.ts'
import type { Disk } from './disk.ts'
import { type RecoveredSegment, recoverSegment } from './recover-segment.ts'

export interface RecoverJournalOptions {
  readonly disk: Disk
  readonly journalDirectory: string
  readonly journalId: string
  readonly onRefused: OnRefusedBlock
}

export const segmentName = (sequence: number): string => String(sequence).padStart(10, '0')
export const rangeIdOf = (journalId: string, sequence: number): string =>
  `${journalId}:${segmentName(sequence)}`

/** Every segment of the run before, in order, cut to what was acknowledged. */
export async function recoverJournal(options: RecoverJournalOptions): Promise<RecoveredSegment[]> {
  const { disk, journalDirectory, journalId, onRefused } = options
  await finishSwaps(disk, journalDirectory)
  const segments: RecoveredSegment[] = []
  for (const name of (await readdir(journalDirectory)).filter(isSegmentName).sort()) {
    const sequence = Number(name)
    const directory = join(journalDirectory, name)
    const rangeId = rangeIdOf(journalId, sequence)
    const segment = await recoverSegment({ disk, journalDirectory, directory, sequence, rangeId, onRefused })
    if (segment.kind === 'done') await removeSources(disk, directory)
    segments.push(segment)
  }
  return segments
}

const isSegmentName = (name: string): boolean => /^\d{10}$/.test(name)

/** A crash may have come between the steps that swap a salvaged segment in. */
async function finishSwaps(disk: Disk, journalDirectory: string): Promise<void> {
  const names = new Set(await readdir(journalDirectory))
  for (const name of [...names].filter((of) => of.endsWith('.salvage'))) {
    const base = name.slice(0, -'.salvage'.length)
    if (names.has(base)) await disk.remove(join(journalDirectory, name))
    else await disk.rename(join(journalDirectory, name), join(journalDirectory, base))
  }
  for (const name of names) if (name.endsWith('.corrupt')) await disk.remove(join(journalDirectory, name))
}

/** Removes all of a committed segment but what its receipts need. */
export async function removeSources(disk: Disk, directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name !== manifestFile && name !== doneFile) await disk.remove(join(directory, name))
  }
}
