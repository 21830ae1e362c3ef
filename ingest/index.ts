// journal

// decode
export type { DecodeOutcome, DecodePool, DecodeRequest, IngestSignal, OnGroup } from './decode/decode-pool.ts'
export type {
  InsertPlan,
  Journal,
  JournalMemory,
  JournalRange,
  JournalStats,
  JournalWork,
  PlannedInsert,
} from './journal/journal.ts'
