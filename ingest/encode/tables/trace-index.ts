import { FixedStringColumn, Uint16Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { StringColumn } from '../string-column.ts'
import { Table } from '../table.ts'

export class TraceIndexTable extends Table {
  readonly name = 'trace_index'
  readonly tenant = new LowCardinalityColumn()
  readonly traceId = new FixedStringColumn(16)
  readonly day = new Uint16Column('Date')
  readonly start = new Uint64Column('DateTime64(9)')
  readonly end = new Uint64Column('DateTime64(9)')
  readonly spans = new Uint64Column()
  readonly errors = new Uint64Column()
  readonly logs = new Uint64Column()
  readonly rootService = new StringColumn()
  readonly rootName = new StringColumn()
  readonly rootDurationNs = new Uint64Column()

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['trace_id', this.traceId],
      ['day', this.day],
      ['start', this.start],
      ['end', this.end],
      ['spans', this.spans],
      ['errors', this.errors],
      ['logs', this.logs],
      ['root_service', this.rootService],
      ['root_name', this.rootName],
      ['root_duration_ns', this.rootDurationNs],
    ]
  }
}
