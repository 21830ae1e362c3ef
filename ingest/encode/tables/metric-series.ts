import { AttributeMaps } from '../attribute-maps.ts'
import { metricTypeType, temporalityType } from '../enum-types.ts'
import { Uint8Column, Uint16Column, Uint64Column } from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { StringColumn } from '../string-column.ts'
import { Table } from '../table.ts'

export class MetricSeriesTable extends Table {
  readonly name = 'metric_series'
  readonly tenant = new LowCardinalityColumn()
  readonly day = new Uint16Column('Date')
  readonly metric = new LowCardinalityColumn()
  readonly seriesId = new Uint64Column()
  readonly type = new Uint8Column(metricTypeType)
  readonly unit = new LowCardinalityColumn()
  readonly description = new StringColumn()
  readonly temporality = new Uint8Column(temporalityType)
  readonly monotonic = new Uint8Column('Bool')
  readonly service = new LowCardinalityColumn()
  readonly resourceId = new Uint64Column()
  readonly scopeName = new LowCardinalityColumn()
  readonly scopeVersion = new LowCardinalityColumn()
  readonly attributes = new AttributeMaps()
  readonly lastSeen = new Uint64Column('DateTime64(3)')

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['day', this.day],
      ['metric', this.metric],
      ['series_id', this.seriesId],
      ['type', this.type],
      ['unit', this.unit],
      ['description', this.description],
      ['temporality', this.temporality],
      ['monotonic', this.monotonic],
      ['service', this.service],
      ['resource_id', this.resourceId],
      ['scope_name', this.scopeName],
      ['scope_version', this.scopeVersion],
      ...this.attributes.columns(),
      ['last_seen', this.lastSeen],
    ]
  }

  override reset(): void {
    super.reset()
    this.attributes.keys.reset()
  }
}
