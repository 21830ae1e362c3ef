/**
 * The OTLP messages by their JSON names. Source: opentelemetry-proto 1.11.0, *.proto of collector, common, resource, trace, logs,
 * metrics. Profile-only fields (keyStrindex, stringValueStrindex) and entityRefs are left out, so they are ignored like unknown ones.
 */
import { type FieldKind, type FieldSpec, MessageTable } from './message-table.ts'

const one = (number: number, kind: FieldKind): FieldSpec => ({ number, kind })
const many = (number: number, kind: FieldKind): FieldSpec => ({ number, kind, repeated: true })
const child = (number: number, message: () => MessageTable): FieldSpec => ({
  number,
  kind: 'message',
  message,
})
const children = (number: number, message: () => MessageTable): FieldSpec => ({
  number,
  kind: 'message',
  message,
  repeated: true,
})
const choice = (number: number, names: readonly string[]): FieldSpec => ({
  number,
  kind: 'enum',
  values: new Map(names.map((name, value) => [name, value])),
})

const spanKindNames = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
)
const statusCodeNames = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']
const temporalityNames = ['UNSPECIFIED', 'DELTA', 'CUMULATIVE'].map(
  (name) => `AGGREGATION_TEMPORALITY_${name}`,
)
const severityNames = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${name}${step}`),
  ),
]

// common
const anyValue: MessageTable = new MessageTable({
  stringValue: one(1, 'string'),
  boolValue: one(2, 'bool'),
  intValue: one(3, 'int64'),
  doubleValue: one(4, 'double'),
  arrayValue: child(5, () => arrayValue),
  kvlistValue: child(6, () => keyValueList),
  bytesValue: one(7, 'bytes'),
})
const keyValue = new MessageTable({ key: one(1, 'string'), value: child(2, () => anyValue) })
const arrayValue = new MessageTable({ values: children(1, () => anyValue) })
const keyValueList = new MessageTable({ values: children(1, () => keyValue) })
const attributes = (number: number): FieldSpec => children(number, () => keyValue)
const scope = new MessageTable({
  name: one(1, 'string'),
  version: one(2, 'string'),
  attributes: attributes(3),
  droppedAttributesCount: one(4, 'uint32'),
})
const resource = new MessageTable({ attributes: attributes(1), droppedAttributesCount: one(2, 'uint32') })

/** The three levels above the items are the same for every signal but for their names. */
function request(names: readonly [resources: string, scopes: string, items: string], item: MessageTable) {
  const [resources, scopes, items] = names
  const scopeItems = new MessageTable({
    scope: child(1, () => scope),
    [items]: children(2, () => item),
    schemaUrl: one(3, 'string'),
  })
  const resourceItems = new MessageTable({
    resource: child(1, () => resource),
    [scopes]: children(2, () => scopeItems),
    schemaUrl: one(3, 'string'),
  })
  return new MessageTable({ [resources]: children(1, () => resourceItems) })
}

// traces
const spanEvent = new MessageTable({
  timeUnixNano: one(1, 'fixed64'),
  name: one(2, 'string'),
  attributes: attributes(3),
  droppedAttributesCount: one(4, 'uint32'),
})
const spanLink = new MessageTable({
  traceId: one(1, 'id'),
  spanId: one(2, 'id'),
  traceState: one(3, 'string'),
  attributes: attributes(4),
  droppedAttributesCount: one(5, 'uint32'),
  flags: one(6, 'fixed32'),
})
const status = new MessageTable({ message: one(2, 'string'), code: choice(3, statusCodeNames) })
const span = new MessageTable({
  traceId: one(1, 'id'),
  spanId: one(2, 'id'),
  traceState: one(3, 'string'),
  parentSpanId: one(4, 'id'),
  name: one(5, 'string'),
  kind: choice(6, spanKindNames),
  startTimeUnixNano: one(7, 'fixed64'),
  endTimeUnixNano: one(8, 'fixed64'),
  attributes: attributes(9),
  droppedAttributesCount: one(10, 'uint32'),
  events: children(11, () => spanEvent),
  droppedEventsCount: one(12, 'uint32'),
  links: children(13, () => spanLink),
  droppedLinksCount: one(14, 'uint32'),
  status: child(15, () => status),
  flags: one(16, 'fixed32'),
})

// logs
const logRecord = new MessageTable({
  timeUnixNano: one(1, 'fixed64'),
  severityNumber: choice(2, severityNames),
  severityText: one(3, 'string'),
  body: child(5, () => anyValue),
  attributes: attributes(6),
  droppedAttributesCount: one(7, 'uint32'),
  flags: one(8, 'fixed32'),
  traceId: one(9, 'id'),
  spanId: one(10, 'id'),
  observedTimeUnixNano: one(11, 'fixed64'),
  eventName: one(12, 'string'),
})

// metrics
const exemplar = new MessageTable({
  timeUnixNano: one(2, 'fixed64'),
  asDouble: one(3, 'double'),
  spanId: one(4, 'id'),
  traceId: one(5, 'id'),
  asInt: one(6, 'sfixed64'),
  filteredAttributes: attributes(7),
})
const times = { startTimeUnixNano: one(2, 'fixed64'), timeUnixNano: one(3, 'fixed64') }
const numberPoint = new MessageTable({
  ...times,
  asDouble: one(4, 'double'),
  exemplars: children(5, () => exemplar),
  asInt: one(6, 'sfixed64'),
  attributes: attributes(7),
  flags: one(8, 'uint32'),
})
const histogramPoint = new MessageTable({
  ...times,
  count: one(4, 'fixed64'),
  sum: one(5, 'double'),
  bucketCounts: many(6, 'fixed64'),
  explicitBounds: many(7, 'double'),
  exemplars: children(8, () => exemplar),
  attributes: attributes(9),
  flags: one(10, 'uint32'),
  min: one(11, 'double'),
  max: one(12, 'double'),
})
const buckets = new MessageTable({ offset: one(1, 'sint32'), bucketCounts: many(2, 'uint64') })
const exponentialHistogramPoint = new MessageTable({
  attributes: attributes(1),
  ...times,
  count: one(4, 'fixed64'),
  sum: one(5, 'double'),
  scale: one(6, 'sint32'),
  zeroCount: one(7, 'fixed64'),
  positive: child(8, () => buckets),
  negative: child(9, () => buckets),
  flags: one(10, 'uint32'),
  exemplars: children(11, () => exemplar),
  min: one(12, 'double'),
  max: one(13, 'double'),
  zeroThreshold: one(14, 'double'),
})
const quantile = new MessageTable({ quantile: one(1, 'double'), value: one(2, 'double') })
const summaryPoint = new MessageTable({
  ...times,
  count: one(4, 'fixed64'),
  sum: one(5, 'double'),
  quantileValues: children(6, () => quantile),
  attributes: attributes(7),
  flags: one(8, 'uint32'),
})
const points = (point: MessageTable) => new MessageTable({ dataPoints: children(1, () => point) })
const aggregated = (point: MessageTable) =>
  new MessageTable({
    dataPoints: children(1, () => point),
    aggregationTemporality: choice(2, temporalityNames),
  })
const sum = new MessageTable({
  dataPoints: children(1, () => numberPoint),
  aggregationTemporality: choice(2, temporalityNames),
  isMonotonic: one(3, 'bool'),
})
const [gauge, histogram, exponentialHistogram, summary] = [
  points(numberPoint),
  aggregated(histogramPoint),
  aggregated(exponentialHistogramPoint),
  points(summaryPoint),
]
const metric = new MessageTable({
  name: one(1, 'string'),
  description: one(2, 'string'),
  unit: one(3, 'string'),
  gauge: child(5, () => gauge),
  sum: child(7, () => sum),
  histogram: child(9, () => histogram),
  exponentialHistogram: child(10, () => exponentialHistogram),
  summary: child(11, () => summary),
  metadata: attributes(12),
})

export type OtlpSignal = 'traces' | 'logs' | 'metrics'

/** The request message of each signal. */
export const otlpRequests: Readonly<Record<OtlpSignal, MessageTable>> = {
  traces: request(['resourceSpans', 'scopeSpans', 'spans'], span),
  logs: request(['resourceLogs', 'scopeLogs', 'logRecords'], logRecord),
  metrics: request(['resourceMetrics', 'scopeMetrics', 'metrics'], metric),
}
