import { MapColumn } from '../array-columns.ts'
import { kindType, signalType } from '../enum-types.ts'
import { Float64Column, Int16Column, Uint8Column, Uint32Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { Table } from '../table.ts'

export class RedMinuteTable extends Table {
  readonly name = 'red_minute'
  readonly tenant = new LowCardinalityColumn()
  readonly minute = new Uint32Column('DateTime')
  readonly signal = new Uint8Column(signalType)
  readonly service = new LowCardinalityColumn()
  readonly eventName = new LowCardinalityColumn()
  readonly kind = new Uint8Column(kindType)
  readonly root = new Uint8Column('Bool')
  readonly rowCount = new Uint64Column()
  readonly weight = new Float64Column()
  readonly errorWeight = new Float64Column()
  readonly durationWeightNs = new Float64Column()
  readonly durationBuckets = new MapColumn(new Int16Column(), new Float64Column())

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['minute', this.minute],
      ['signal', this.signal],
      ['service', this.service],
      ['name', this.eventName],
      ['kind', this.kind],
      ['root', this.root],
      ['rows', this.rowCount],
      ['weight', this.weight],
      ['error_weight', this.errorWeight],
      ['duration_weight_ns', this.durationWeightNs],
      ['duration_buckets', this.durationBuckets],
    ]
  }
}
