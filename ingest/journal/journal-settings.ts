import { defineSettings, type Settings, setting } from '@oriel/core'
import { defaultJournalLimits, type JournalLimits } from './segments/journal-limits.ts'

const { sync, bytesMax, freeBytesMin, segment, sealMinAgeMs } = defaultJournalLimits

/** The journal between ingest and storage. */
export const journalSettings = defineSettings('journal', {
  sync: setting.enumeration({
    default: sync,
    values: ['always', 'never'],
    doc: 'always: answered after fdatasync; never: answered after the write, which a power loss can undo.',
  }),
  bytesMax: setting.bytes({
    default: bytesMax,
    min: 2 ** 26,
    max: 2 ** 44,
    doc: 'Bytes accepted and not yet stored; beyond it 503 or UNAVAILABLE.',
  }),
  freeBytesMin: setting.bytes({
    default: freeBytesMin,
    min: 0,
    max: 2 ** 44,
    doc: 'Disk space left to the store and its merges; below it 503 or UNAVAILABLE.',
  }),
  segmentRowsMax: setting.integer({
    default: segment.rows,
    min: 1000,
    max: 900_000,
    unit: 'rows',
    doc: 'Rows of one insert at most; one insert must stay one block in the store.',
  }),
  segmentBytesMax: setting.bytes({
    default: segment.bytes,
    min: 2 ** 20,
    max: 240 * 2 ** 20,
    doc: 'Bytes of one insert at most.',
  }),
  sealMinAgeMs: setting.durationMs({
    default: sealMinAgeMs,
    min: 0,
    max: 60_000,
    doc: 'Least time between two inserts, so that a trickle does not make many tiny parts.',
  }),
})

export type JournalSettings = Settings<typeof journalSettings>

export function journalLimits(settings: JournalSettings): JournalLimits {
  const { segmentRowsMax, segmentBytesMax, ...limits } = settings
  return { ...limits, segment: { rows: segmentRowsMax, bytes: segmentBytesMax } }
}
