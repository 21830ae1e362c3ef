// admit
export type { KeyVerifier, VerifiedKey } from './admit/key-ring.ts'
export { isLoopback, refuseOpenListener } from './admit/loopback.ts'
// app
export type { Ingest, IngestDeps, IngestStats } from './app.ts'
export { createIngest } from './app.ts'
export type { IngestSettings } from './config.ts'
export { ingestSettings } from './config.ts'
// decode
export type { DecodeLimits } from './decode/decode-context.ts'
export { defaultDecodeLimits } from './decode/decode-context.ts'
export type { DecodeOutcome, DecodePool, DecodeRequest, IngestSignal, OnGroup } from './decode/decode-pool.ts'
export type { DecodeSettings } from './decode/decode-settings.ts'
export { decodeSettings } from './decode/decode-settings.ts'
export type { OpenGroupOptions } from './decode/open-group.ts'
export { OpenGroup } from './decode/open-group.ts'
export type { WorkerPoolOptions } from './decode/worker-pool.ts'
export { WorkerPool } from './decode/worker-pool.ts'
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
export type { JournalSettings } from './journal/journal-settings.ts'
export { journalLimits, journalSettings } from './journal/journal-settings.ts'
export type { DirectoryLock } from './journal/lock.ts'
export { lockDataDirectory } from './journal/lock.ts'
export type { OnRefusedBlock, RefusedBlock } from './journal/refused-block.ts'
export type { Disk, DiskFile } from './journal/segments/disk.ts'
export { nodeDisk } from './journal/segments/disk.ts'
export type { JournalLimits } from './journal/segments/journal-limits.ts'
export { defaultJournalLimits } from './journal/segments/journal-limits.ts'
export type { RecoveryCounts, SegmentsJournalOptions } from './journal/segments/segments-journal.ts'
export { SegmentsJournal } from './journal/segments/segments-journal.ts'
// redact
export type { RedactRule } from './redact/rule-redactor.ts'
// write
export type { BreakerLimits, BreakerState } from './write/circuit-breaker.ts'
export type { DeadLetter, DeadLettersOptions, ReplayOptions, ReplayResult } from './write/dead-letters.ts'
export { DeadLetters } from './write/dead-letters.ts'
export type { ColumnsOf } from './write/insert-plan.ts'
export { planSettings } from './write/insert-plan.ts'
export type { WriterOptions, WriterStats } from './write/writer.ts'
export { Writer } from './write/writer.ts'
