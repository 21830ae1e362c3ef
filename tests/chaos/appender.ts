/** Appends one group to the journal of the directory given, for the strace test. Prints `before` and `after` around it. */
import { writeSync } from 'node:fs'
import { systemClock } from '@oriel/core'
import { SegmentsJournal } from '@oriel/ingest'

const [directory = '', sync = 'always'] = process.argv.slice(2)
const journal = await SegmentsJournal.open({
  directory,
  clock: systemClock,
  onRefused: () => Promise.reject(new Error('nothing is corrupt here')),
  limits: { sync: sync === 'never' ? 'never' : 'always', freeBytesMin: 0 },
})
const block = {
  table: 'events',
  schemaVersion: 1,
  blockId: '0'.repeat(16),
  rows: 1,
  bytes: Buffer.alloc(100),
} as const
writeSync(1, 'before\n')
await journal.append({ blocks: [block, { ...block, table: 'red_minute' }], requests: [] })
writeSync(1, 'after\n')
await journal.close()
