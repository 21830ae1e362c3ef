import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { SegmentsJournal } from '@oriel/ingest'
import { type JournalHarness, journalSuite } from './journal.suite.ts'

async function segmentsHarness(): Promise<JournalHarness> {
  const directory = await mkdtemp(join(tmpdir(), 'oriel-journal-'))
  return {
    name: 'segments',
    async open({ bytesMax = 2 ** 30, rowsMax = 600_000 } = {}) {
      const limits = { bytesMax, segment: { rows: rowsMax, bytes: 2 ** 28 }, sealMinAgeMs: 0 }
      const onRefused = () => Promise.reject(new Error('nothing is corrupt here'))
      const journal = await SegmentsJournal.open({ directory, clock: systemClock, onRefused, limits })
      return {
        journal,
        close: () => journal.close(),
        read: async (source) =>
          Buffer.concat(
            source.kind === 'bytes'
              ? source.chunks
              : await Promise.all(source.paths.map((path) => readFile(path))),
          ),
      }
    },
    dispose: () => rm(directory, { recursive: true, force: true }),
  }
}

journalSuite(segmentsHarness, 'segments')
