import { ArrayColumn } from '../array-columns.ts'
import { AttributeMaps } from '../attribute-maps.ts'
import { RowNumberColumn } from '../constant-columns.ts'
import { kindType, signalType, statusType } from '../enum-types.ts'
import {
  FixedStringColumn,
  Float64Column,
  Uint8Column,
  Uint32Column,
  Uint64Column,
} from '../fixed-columns.ts'
import { LowCardinalityColumn } from '../low-cardinality-column.ts'
import type { NamedColumn } from '../native-block.ts'
import { StringColumn } from '../string-column.ts'
import { Table } from '../table.ts'

/** Bits of row_flags. */
export const rowFlags = { endBeforeStart: 1, valueCut: 2, duplicateKeys: 4, timeReplaced: 8 } as const

/**
 * Decoders push straight into the columns, one value in each per row (an array or map column: `endRow` per row),
 * because a row object per span would halve the speed.
 */
export class EventsTable extends Table {
  readonly name = 'events'
  readonly tenant = new LowCardinalityColumn()
  readonly signal = new Uint8Column(signalType)
  readonly time = new Uint64Column('DateTime64(9)')
  readonly ingestTime = new Uint64Column('DateTime64(3)')
  readonly observedTime = new Uint64Column('DateTime64(9)')
  readonly service = new LowCardinalityColumn()
  readonly eventName = new LowCardinalityColumn()
  readonly kind = new Uint8Column(kindType)
  readonly status = new Uint8Column(statusType)
  readonly statusMessage = new StringColumn()
  readonly durationNs = new Uint64Column()
  readonly traceId = new FixedStringColumn(16)
  readonly spanId = new FixedStringColumn(8)
  readonly parentSpanId = new FixedStringColumn(8)
  readonly traceState = new StringColumn()
  readonly flags = new Uint32Column()
  readonly severity = new Uint8Column()
  readonly severityText = new LowCardinalityColumn()
  readonly body = new StringColumn()
  readonly exceptionType = new LowCardinalityColumn()
  readonly exceptionMessage = new StringColumn()
  readonly resourceId = new Uint64Column()
  readonly scopeName = new LowCardinalityColumn()
  readonly scopeVersion = new LowCardinalityColumn()
  readonly attributes = new AttributeMaps()
  readonly spanEventTime = new ArrayColumn(new Uint64Column('DateTime64(9)'))
  readonly spanEventName = new ArrayColumn(new LowCardinalityColumn())
  readonly spanEventAttributes = new ArrayColumn(new StringColumn())
  readonly linkTraceId = new ArrayColumn(new FixedStringColumn(16))
  readonly linkSpanId = new ArrayColumn(new FixedStringColumn(8))
  readonly linkAttributes = new ArrayColumn(new StringColumn())
  readonly droppedAttributes = new Uint32Column()
  readonly droppedEvents = new Uint32Column()
  readonly droppedLinks = new Uint32Column()
  readonly weight = new Float64Column()
  readonly threshold = new LowCardinalityColumn()
  readonly sampleReason = new LowCardinalityColumn()
  readonly rowFlags = new Uint8Column()
  readonly rowNumber = new RowNumberColumn()

  protected columns(): readonly NamedColumn[] {
    return [
      ['tenant', this.tenant],
      ['signal', this.signal],
      ['time', this.time],
      ['ingest_time', this.ingestTime],
      ['observed_time', this.observedTime],
      ['service', this.service],
      ['name', this.eventName],
      ['kind', this.kind],
      ['status', this.status],
      ['status_message', this.statusMessage],
      ['duration_ns', this.durationNs],
      ['trace_id', this.traceId],
      ['span_id', this.spanId],
      ['parent_span_id', this.parentSpanId],
      ['trace_state', this.traceState],
      ['flags', this.flags],
      ['severity', this.severity],
      ['severity_text', this.severityText],
      ['body', this.body],
      ['exception_type', this.exceptionType],
      ['exception_message', this.exceptionMessage],
      ['resource_id', this.resourceId],
      ['scope_name', this.scopeName],
      ['scope_version', this.scopeVersion],
      ...this.attributes.columns(),
      ['span_event_time', this.spanEventTime],
      ['span_event_name', this.spanEventName],
      ['span_event_attributes', this.spanEventAttributes],
      ['link_trace_id', this.linkTraceId],
      ['link_span_id', this.linkSpanId],
      ['link_attributes', this.linkAttributes],
      ['dropped_attributes', this.droppedAttributes],
      ['dropped_events', this.droppedEvents],
      ['dropped_links', this.droppedLinks],
      ['weight', this.weight],
      ['th', this.threshold],
      ['sample_reason', this.sampleReason],
      ['row_flags', this.rowFlags],
      ['block_id', this.blockId],
      ['row_no', this.rowNumber],
    ]
  }

  override reset(): void {
    super.reset()
    this.attributes.keys.reset()
  }
}
