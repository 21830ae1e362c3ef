import type { SyncMode } from './open-segment.ts'
import type { SegmentBounds } from './room.ts'

/** The `journal.*` settings. */
export interface JournalLimits {
  /** `never` answers after the write: fast, and a power loss loses what the kernel had not written yet. */
  readonly sync: SyncMode
  /** All bytes not yet stored; past it, append answers journal_full. */
  readonly bytesMax: number
  /** Disk space left to the store and its merges; below it, append answers journal_full. */
  readonly freeBytesMin: number
  /** A segment is one insert per table; one insert must stay one block in the store: under 1 M rows and 256 MB. */
  readonly segment: SegmentBounds
  /** A segment is not sealed sooner than this after the one before, so that a trickle does not make many tiny parts. */
  readonly sealMinAgeMs: number
}

export const defaultJournalLimits: JournalLimits = {
  sync: 'always',
  bytesMax: 4 * 1024 ** 3,
  freeBytesMin: 512 * 1024 ** 2,
  segment: { rows: 600_000, bytes: 192 * 1024 ** 2 },
  sealMinAgeMs: 250,
}
