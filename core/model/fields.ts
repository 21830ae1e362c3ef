/**
 * The fields every event has of its own, as against its attributes. One list for the predicate language,
 * group-by, result columns and autocomplete.
 *
 * A field counts as missing when it holds its type's nothing: an empty text, an all-zero id, severity 0, and a
 * duration of 0 on anything but a span.
 */
export type FieldType = 'string' | 'enumeration' | 'number' | 'duration' | 'time' | 'boolean' | 'id'

export interface EventField {
  readonly name: string
  readonly type: FieldType
  /** Other spellings, as OpenTelemetry or the peers write them. */
  readonly aliases: readonly string[]
  readonly doc: string
  /** The column of `events`; undefined for a field worked out from others (`error`, `root`). */
  readonly column?: string
  /** For an enumeration: what it can hold. */
  readonly values?: readonly string[]
  /** For an id: how many bytes. */
  readonly bytes?: 8 | 16
}

const signalNames = ['span', 'log', 'event'] as const
const kindNames = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const statusNames = ['unset', 'ok', 'error'] as const

export const eventFields = [
  field('service', 'string', 'service', {
    doc: 'the service that sent the event',
    aliases: ['service.name'],
  }),
  field('name', 'string', 'name', {
    doc: 'the span name, or the event name of a log record',
    aliases: ['span.name'],
  }),
  enumeration('kind', 'kind', 'the side of the call a span stands for', {
    values: kindNames,
    aliases: ['span.kind'],
  }),
  enumeration('status', 'status', 'the status of a span', {
    values: statusNames,
    aliases: ['span.status', 'otel.status_code'],
  }),
  field('status_message', 'string', 'status_message', {
    doc: 'the description that came with the status',
    aliases: ['status.message'],
  }),
  enumeration('signal', 'signal', 'what the event is', { values: signalNames, aliases: [] }),
  field('time', 'time', 'time', { doc: 'when the event began, ISO 8601 in quotes' }),
  field('duration', 'duration', 'duration_ns', {
    doc: 'how long it took',
    aliases: ['duration_ns', 'span.duration'],
  }),
  id('trace_id', 16, 'the trace the event belongs to, 32 hex digits', ['trace.id', 'traceId']),
  id('span_id', 8, 'the span, 16 hex digits', ['span.id', 'spanId']),
  id('parent_span_id', 8, 'the span that caused this one', ['parent_id', 'parentSpanId']),
  field('severity', 'number', 'severity', {
    doc: 'the severity number of a log record, 1 to 24',
    aliases: ['severity_number'],
  }),
  field('severity_text', 'string', 'severity_text', { doc: 'the severity as the sender wrote it' }),
  field('body', 'string', 'body', { doc: 'the body of a log record' }),
  field('exception.type', 'string', 'exception_type', {
    doc: 'the class of the exception',
    aliases: ['exception_type'],
  }),
  field('exception.message', 'string', 'exception_message', {
    doc: 'what the exception said',
    aliases: ['exception_message'],
  }),
  field('scope.name', 'string', 'scope_name', {
    doc: 'the instrumentation library',
    aliases: ['scope_name', 'otel.scope.name'],
  }),
  field('scope.version', 'string', 'scope_version', {
    doc: 'its version',
    aliases: ['scope_version', 'otel.scope.version'],
  }),
  field('weight', 'number', 'weight', { doc: 'how many original events this one stands for' }),
  field('sample_reason', 'string', 'sample_reason', { doc: 'why sampling kept the event' }),
  { name: 'error', type: 'boolean', aliases: [], doc: 'status is error, or severity is 17 or more' },
  { name: 'root', type: 'boolean', aliases: ['is_root'], doc: 'a span without a parent' },
] as const satisfies readonly EventField[]

export type EventFieldName = (typeof eventFields)[number]['name']

const byName: ReadonlyMap<string, EventField> = new Map(
  eventFields.flatMap((each) => [each.name, ...each.aliases].map((name) => [name, each] as const)),
)

/** The field of that name or alias (exact case), or undefined: then it is an attribute. */
export function findEventField(name: string): EventField | undefined {
  return byName.get(name)
}

/** Severities from here up are errors: ERROR and FATAL of the OpenTelemetry log data model. */
export const errorSeverityMin = 17

function field<const N extends string>(
  name: N,
  type: FieldType,
  column: string,
  rest: { readonly doc: string; readonly aliases?: readonly string[] },
) {
  return { name, type, column, doc: rest.doc, aliases: rest.aliases ?? [] }
}

function enumeration<const N extends string>(
  name: N,
  column: string,
  doc: string,
  rest: { readonly values: readonly string[]; readonly aliases: readonly string[] },
) {
  return { name, type: 'enumeration' as const, column, doc, ...rest }
}

function id<const N extends string>(name: N, bytes: 8 | 16, doc: string, aliases: readonly string[]) {
  return { name, type: 'id' as const, column: name, bytes, doc, aliases }
}
