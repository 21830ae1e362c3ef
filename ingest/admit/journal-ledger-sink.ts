import { randomBytes } from 'node:crypto'
import type { Block } from '@oriel/core'
import { ByteBuffer } from '../encode/byte-buffer.ts'
import { schemaVersion } from '../encode/table.ts'
import { IngestMinuteTable } from '../encode/tables/ingest-minute.ts'
import type { Journal } from '../journal/journal.ts'
import type { LedgerRow, LedgerSink } from './ledger.ts'

/** Appends ledger rows as a block of ingest_minute, in a group of its own without receipts. */
export class JournalLedgerSink implements LedgerSink {
  readonly #journal: Pick<Journal, 'append'>

  constructor(journal: Pick<Journal, 'append'>) {
    this.#journal = journal
  }

  async append(rows: readonly LedgerRow[]): Promise<void> {
    const table = new IngestMinuteTable()
    for (const { minuteMs, ...row } of rows) table.append({ ...row, minute: minuteMs / 1000 })
    const id = randomBytes(8)
    const bytes = table.finish(new ByteBuffer(), id.readUInt32BE(0), id.readUInt32BE(4))
    const blockId = id.toString('hex')
    const block: Block = { table: table.name, schemaVersion, blockId, rows: rows.length, bytes }
    await this.#journal.append({ blocks: [block], requests: [] })
  }
}
