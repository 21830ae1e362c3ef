import type { AttributeValue, EventRow } from '../contract.ts'
import { parseAttributes } from './attributes.ts'

const noId = /^0*$/

/** Columns of an event row, with names of their own so that no alias hides a column of the table. */
export const eventColumns = `toString(block_id) AS e_block, row_no AS e_row, toString(signal) AS e_signal,
  toString(toUnixTimestamp64Nano(time)) AS e_time, toUnixTimestamp64Milli(ingest_time) AS e_ingest,
  service AS e_service, name AS e_name, toString(kind) AS e_kind, toString(status) AS e_status,
  status_message AS e_status_message, toString(duration_ns) AS e_duration, lower(hex(trace_id)) AS e_trace,
  lower(hex(span_id)) AS e_span, lower(hex(parent_span_id)) AS e_parent, severity AS e_severity,
  severity_text AS e_severity_text, body AS e_body, exception_type AS e_exception_type,
  exception_message AS e_exception_message, weight AS e_weight, th = '' AND signal = 'span' AS e_unknown`

export const attributeColumns = `attr_str AS e_str, attr_num AS e_num, attr_bool AS e_bool, attr_meta AS e_meta`

export interface EventRecord {
  readonly e_block: string
  readonly e_row: number
  readonly e_signal: 'span' | 'log' | 'event'
  readonly e_time: string
  readonly e_ingest: number | string
  readonly e_service: string
  readonly e_name: string
  readonly e_kind: string
  readonly e_status: 'unset' | 'ok' | 'error'
  readonly e_status_message: string
  readonly e_duration: string
  readonly e_trace: string
  readonly e_span: string
  readonly e_parent: string
  readonly e_severity: number
  readonly e_severity_text: string
  readonly e_body: string
  readonly e_exception_type: string
  readonly e_exception_message: string
  readonly e_weight: number
  readonly e_unknown: number
  readonly e_str?: Readonly<Record<string, string>>
  readonly e_num?: Readonly<Record<string, number | null>>
  readonly e_bool?: Readonly<Record<string, boolean>>
  readonly e_meta?: Readonly<Record<string, string>>
}

export function toEventRow(record: EventRecord): EventRow {
  const attributes: Record<string, AttributeValue> = parseAttributes(
    record.e_str,
    record.e_num,
    record.e_bool,
  )
  const meta = record.e_meta ?? {}
  return {
    id: `${record.e_block}:${record.e_row}`,
    signal: record.e_signal,
    timeNs: record.e_time,
    ingestTimeMs: Number(record.e_ingest),
    service: record.e_service,
    name: record.e_name,
    kind: record.e_kind,
    status: record.e_status,
    statusMessage: record.e_status_message,
    durationNs: record.e_duration,
    traceId: hexId(record.e_trace),
    spanId: hexId(record.e_span),
    parentSpanId: hexId(record.e_parent),
    severity: record.e_severity,
    severityText: record.e_severity_text,
    body: record.e_body,
    exceptionType: record.e_exception_type,
    exceptionMessage: record.e_exception_message,
    weight: record.e_weight,
    attributes,
    ...(Object.keys(meta).length === 0 ? {} : { attributeMeta: meta }),
  }
}

/** The store keeps absent ids as zeros; the answer has ''. */
export function hexId(hex: string): string {
  return noId.test(hex) ? '' : hex
}
