// decode
export type { DecodeOutcome, DecodePool, DecodeRequest, IngestSignal, OnGroup } from './decode/decode-pool.ts'
// journal
export type {
  InsertPlan,
  Journal,
  JournalBlocks,
  JournalMemory,
  JournalRange,
  JournalStats,
  JournalWork,
  PlannedInsert,
  RangeBlock,
  RangeTable,
} from './journal/journal.ts'
export type { DirectoryLock } from './journal/lock.ts'
export { lockDataDirectory } from './journal/lock.ts'
export type { OnRefusedBlock, RefusedBlock } from './journal/refused-block.ts'
export type { Disk, DiskFile } from './journal/segments/disk.ts'
export { nodeDisk } from './journal/segments/disk.ts'
export type { JournalLimits } from './journal/segments/journal-limits.ts'
export { defaultJournalLimits } from './journal/segments/journal-limits.ts'
export type { RecoveryCounts, SegmentsJournalOptions } from './journal/segments/segments-journal.ts'
export { SegmentsJournal } from './journal/segments/segments-journal.ts'
