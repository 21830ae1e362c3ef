import { attributeTypeType, scopeType, signalType } from '../enum-types.ts'
import { Uint8Column, Uint32Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { StringColumn } from '../string-column.ts'
import { Table } from '../table.ts'

export class AttributeCatalogueTable extends Table {
  readonly name = 'attribute_catalogue'
  readonly tenant = new LowCardinalityColumn()
  readonly hour = new Uint32Column('DateTime')
  readonly signal = new Uint8Column(signalType)
  readonly scope = new Uint8Column(scopeType)
  readonly service = new LowCardinalityColumn()
  readonly key = new LowCardinalityColumn()
  readonly type = new Uint8Column(attributeTypeType)
  readonly value = new StringColumn()
  readonly rowCount = new Uint64Column()
  readonly lastSeen = new Uint32Column('DateTime')

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['hour', this.hour],
      ['signal', this.signal],
      ['scope', this.scope],
      ['service', this.service],
      ['key', this.key],
      ['type', this.type],
      ['value', this.value],
      ['rows', this.rowCount],
      ['last_seen', this.lastSeen],
    ]
  }
}
