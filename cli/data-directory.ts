import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Config, Logger } from '@oriel/core'
import { DeadLetters, journalLimits, journalSettings, SegmentsJournal } from '@oriel/ingest'

/** Opens the journal and the dead letters of a data directory, and says what the recovery found. */
export async function openJournal(
  config: Config,
  dataDir: string,
  clock: Clock,
  logger: Logger,
): Promise<{ readonly journal: SegmentsJournal; readonly deadLetters: DeadLetters }> {
  const deadLetters = new DeadLetters({ directory: join(dataDir, 'dead-letters'), clock })
  const journal = await SegmentsJournal.open({
    directory: join(dataDir, 'journal'),
    clock,
    limits: journalLimits(config.get(journalSettings)),
    onRefused: (refused) => deadLetters.add(refused),
  })
  const { segments, tornBytes, corruptBlocks } = journal.recovered
  if (segments > 0) logger.info('journal recovered', { segments, tornBytes })
  if (corruptBlocks > 0) logger.error('corrupt blocks went to the dead letters', { corruptBlocks })
  return { journal, deadLetters }
}

export async function diskFreeBytes(dataDir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dataDir)
  return bavail * bsize
}
