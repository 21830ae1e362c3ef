import { ledgerSignals, ledgerSignalType, outcomes, outcomeType } from '../enum-types.ts'
import { Uint8Column, Uint32Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { Table } from '../table.ts'

export interface LedgerRow {
  readonly tenant: string
  /** Seconds since the epoch, a whole minute. */
  readonly minute: number
  readonly signal: keyof typeof ledgerSignals
  readonly outcome: keyof typeof outcomes
  /** '' for accepted, a code of the error catalogue otherwise. */
  readonly reason: string
  readonly requests: number
  readonly items: number
  readonly bytes: number
}

export class IngestMinuteTable extends Table {
  readonly name = 'ingest_minute'
  readonly #tenant = new LowCardinalityColumn()
  readonly #minute = new Uint32Column('DateTime')
  readonly #signal = new Uint8Column(ledgerSignalType)
  readonly #outcome = new Uint8Column(outcomeType)
  readonly #reason = new LowCardinalityColumn()
  readonly #requests = new Uint64Column()
  readonly #items = new Uint64Column()
  readonly #bytes = new Uint64Column()

  append(row: LedgerRow): void {
    this.#tenant.pushText(row.tenant)
    this.#minute.push(row.minute)
    this.#signal.push(ledgerSignals[row.signal])
    this.#outcome.push(outcomes[row.outcome])
    this.#reason.pushText(row.reason)
    this.#requests.pushNumber(row.requests)
    this.#items.pushNumber(row.items)
    this.#bytes.pushNumber(row.bytes)
  }

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.#tenant],
      ['minute', this.#minute],
      ['signal', this.#signal],
      ['outcome', this.#outcome],
      ['reason', this.#reason],
      ['requests', this.#requests],
      ['items', this.#items],
      ['bytes', this.#bytes],
    ]
  }
}
