import { AttributeMaps } from '../attribute-maps.ts'
import { Uint16Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { Table } from '../table.ts'

/** Each resource once per block; decode/resource-reader.ts pushes the attributes and ends the row. */
export class ResourcesTable extends Table {
  readonly name = 'resources'
  readonly tenant = new LowCardinalityColumn()
  readonly day = new Uint16Column('Date')
  readonly resourceId = new Uint64Column()
  readonly service = new LowCardinalityColumn()
  readonly attributes = new AttributeMaps()
  readonly lastSeen = new Uint64Column('DateTime64(3)')

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['day', this.day],
      ['resource_id', this.resourceId],
      ['service', this.service],
      ...this.attributes.columns(),
      ['last_seen', this.lastSeen],
    ]
  }

  override reset(): void {
    super.reset()
    this.attributes.keys.reset()
  }
}
