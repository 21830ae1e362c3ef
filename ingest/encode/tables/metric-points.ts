import { ArrayColumn } from '../array-columns.ts'
import { RowNumberColumn } from '../constant-columns.ts'
import { valueTypeType } from '../enum-types.ts'
import {
  FixedStringColumn,
  Float64Column,
  Int32Column,
  Uint8Column,
  Uint32Column,
  Uint64Column,
} from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { StringColumn } from '../string-column.ts'
import { Table } from '../table.ts'

/** Pushed column by column, like events. */
export class MetricPointsTable extends Table {
  readonly name = 'metric_points'
  readonly tenant = new LowCardinalityColumn()
  readonly metric = new LowCardinalityColumn()
  readonly seriesId = new Uint64Column()
  readonly time = new Uint64Column('DateTime64(9)')
  readonly startTime = new Uint64Column('DateTime64(9)')
  readonly ingestTime = new Uint64Column('DateTime64(3)')
  readonly flags = new Uint32Column()
  readonly valueType = new Uint8Column(valueTypeType)
  readonly value = new Float64Column()
  readonly valueInt = new Uint64Column('Int64')
  readonly count = new Uint64Column()
  readonly sum = new Float64Column()
  readonly statsPresent = new Uint8Column()
  readonly min = new Float64Column()
  readonly max = new Float64Column()
  readonly bounds = new ArrayColumn(new Float64Column())
  readonly bucketCounts = new ArrayColumn(new Uint64Column())
  readonly scale = new Int32Column()
  readonly zeroCount = new Uint64Column()
  readonly zeroThreshold = new Float64Column()
  readonly positiveOffset = new Int32Column()
  readonly positiveCounts = new ArrayColumn(new Uint64Column())
  readonly negativeOffset = new Int32Column()
  readonly negativeCounts = new ArrayColumn(new Uint64Column())
  readonly quantiles = new ArrayColumn(new Float64Column())
  readonly quantileValues = new ArrayColumn(new Float64Column())
  readonly exemplarTime = new ArrayColumn(new Uint64Column('DateTime64(9)'))
  readonly exemplarValue = new ArrayColumn(new Float64Column())
  readonly exemplarTraceId = new ArrayColumn(new FixedStringColumn(16))
  readonly exemplarSpanId = new ArrayColumn(new FixedStringColumn(8))
  readonly exemplarAttributes = new ArrayColumn(new StringColumn())
  readonly rowNumber = new RowNumberColumn()

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['metric', this.metric],
      ['series_id', this.seriesId],
      ['time', this.time],
      ['start_time', this.startTime],
      ['ingest_time', this.ingestTime],
      ['flags', this.flags],
      ['value_type', this.valueType],
      ['value', this.value],
      ['value_int', this.valueInt],
      ['count', this.count],
      ['sum', this.sum],
      ['stats_present', this.statsPresent],
      ['min', this.min],
      ['max', this.max],
      ['bounds', this.bounds],
      ['bucket_counts', this.bucketCounts],
      ['scale', this.scale],
      ['zero_count', this.zeroCount],
      ['zero_threshold', this.zeroThreshold],
      ['positive_offset', this.positiveOffset],
      ['positive_counts', this.positiveCounts],
      ['negative_offset', this.negativeOffset],
      ['negative_counts', this.negativeCounts],
      ['quantiles', this.quantiles],
      ['quantile_values', this.quantileValues],
      ['exemplar_time', this.exemplarTime],
      ['exemplar_value', this.exemplarValue],
      ['exemplar_trace_id', this.exemplarTraceId],
      ['exemplar_span_id', this.exemplarSpanId],
      ['exemplar_attributes', this.exemplarAttributes],
      ['block_id', this.blockId],
      ['row_no', this.rowNumber],
    ]
  }
}
