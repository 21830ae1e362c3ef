import type { FieldInfo } from '../contract.ts'

/** A column of the events table under the name OpenTelemetry, or the predicate language, gives it. */
export interface IntrinsicField {
  readonly name: string
  readonly type: FieldInfo['type']
  /** SQL of the value as text, for grouping and listing; '' where it is absent. */
  readonly text: string
  /** SQL of the value as Float64, where it has one. */
  readonly number?: string
  /** Column of red_minute with the values, where autocomplete can read them. */
  readonly listed?: string
}

const text = (name: string, column: string, listed?: string): IntrinsicField => ({
  name,
  type: 'string',
  text: `toString(${column})`,
  ...(listed === undefined ? {} : { listed }),
})
const id = (name: string, column: string, empty: string): IntrinsicField => ({
  name,
  type: 'id',
  text: `if(${column} = ${empty}, '', lower(hex(${column})))`,
})
const noTraceId = `toFixedString('', 16)`
const noSpanId = `toFixedString('', 8)`

export const intrinsicFields: readonly IntrinsicField[] = [
  text('service', 'service', 'service'),
  text('name', 'name', 'name'),
  text('kind', 'kind', 'kind'),
  text('status', 'status'),
  text('status_message', 'status_message'),
  { name: 'duration', type: 'duration', text: 'toString(duration_ns)', number: 'toFloat64(duration_ns)' },
  { name: 'time', type: 'time', text: 'toString(toUnixTimestamp64Nano(time))' },
  text('signal', 'signal', 'signal'),
  { name: 'severity', type: 'number', text: 'toString(severity)', number: 'toFloat64(severity)' },
  text('severity_text', 'severity_text'),
  text('body', 'body'),
  text('exception.type', 'exception_type'),
  text('exception.message', 'exception_message'),
  id('trace_id', 'trace_id', noTraceId),
  id('span_id', 'span_id', noSpanId),
  id('parent_span_id', 'parent_span_id', noSpanId),
  text('scope.name', 'scope_name'),
]

const aliases: Readonly<Record<string, string>> = { 'service.name': 'service', duration_ns: 'duration' }

export function intrinsicField(name: string): IntrinsicField | undefined {
  const wanted = aliases[name] ?? name
  return intrinsicFields.find((field) => field.name === wanted)
}
