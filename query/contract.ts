/**
 * The HTTP contract of the query API, under /api/v1 on port 4400. Types only: the web imports this file.
 * Instants of events are decimal strings of nanoseconds since the Unix epoch; ids are lower-case hex; durations are nanoseconds
 * as decimal strings where exactness matters and numbers where they are statistics. Ratios are 0..1.
 */

export type { Aggregate, AggregateAnswer, AggregateGroup, AggregateRequest } from './contract/aggregate.ts'
export type { AnswerCut, AnswerMeta, ErrorAnswer, TimeRange } from './contract/answer.ts'
export type {
  AttributeValue,
  EventAnswer,
  EventRow,
  SpanAnswer,
  SpanEvent,
  SpanLink,
} from './contract/event.ts'
export type { FieldInfo, FieldsAnswer, FieldValuesAnswer } from './contract/field.ts'
export type { HealthAnswer } from './contract/health.ts'
export type { HeatmapAnswer, HeatmapRequest } from './contract/heatmap.ts'
export type { IngestMinute, IngestStatusAnswer } from './contract/ingest-status.ts'
export type {
  MetricInfo,
  MetricQueryAnswer,
  MetricQueryRequest,
  MetricSeriesAnswer,
  MetricsAnswer,
} from './contract/metric.ts'
export type { PredicateParseAnswer, PredicateParseRequest } from './contract/predicate.ts'
export type { SearchAnswer, SearchRequest } from './contract/search.ts'
export type { OperationRed, OperationsAnswer, ServiceRed, ServicesAnswer } from './contract/service.ts'
export type { SqlAnswer, SqlRequest } from './contract/sql.ts'
export type { TraceAnswer, TraceSpan, TraceSummary, TracesAnswer } from './contract/trace.ts'
