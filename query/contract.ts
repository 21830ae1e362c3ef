/**
 * The HTTP contract of the query API, under /api/v1 on port 4400. Types only: the web imports this file.
 * Instants of events are decimal strings of nanoseconds since the Unix epoch; ids are lower-case hex; durations are nanoseconds
 * as decimal strings where exactness matters and numbers where they are statistics. Ratios are 0..1.
 */

/** How complete an answer is. It is part of every answer with data. */
export interface AnswerMeta {
  readonly requestId: string
  readonly elapsedMs: number
  readonly rowsRead: number
  readonly bytesRead: number
  /** Everything received before this instant (Unix ms) is in the answer. */
  readonly completeThroughMs: number
  /** 'none': all rows have weight 1 · 'weighted': estimates from sampled rows · 'unknown': some rows came with unknown sampling. */
  readonly sampling: 'none' | 'weighted' | 'unknown'
  /** Non-empty when something was left out, with the reason and how to get the rest. */
  readonly cuts: readonly AnswerCut[]
}

export interface AnswerCut {
  readonly what: string
  readonly limit: string
  readonly advice: string
}

export interface ErrorAnswer {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly advice: string
    readonly requestId: string
    /** For a predicate: the span of characters at fault, zero-based, end exclusive. */
    readonly position?: { readonly start: number; readonly end: number }
  }
}

/** From and to: Unix milliseconds, RFC 3339, or relative to now such as `now-1h`. `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: number | string
  readonly to: number | string
}

export type AttributeValue = string | number | boolean

/** One row of the events table: a span, a log record or a wide event. */
export interface EventRow {
  /** `block_id:row_no`, the identity of the row. */
  readonly id: string
  readonly signal: 'span' | 'log' | 'event'
  readonly timeNs: string
  readonly ingestTimeMs: number
  readonly service: string
  readonly name: string
  readonly kind: string
  readonly status: 'unset' | 'ok' | 'error'
  readonly statusMessage: string
  readonly durationNs: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly severity: number
  readonly severityText: string
  readonly body: string
  readonly exceptionType: string
  readonly exceptionMessage: string
  readonly weight: number
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** Per attribute what is special about it: json, bytes, empty, cut:<bytes>, int:<exact digits>. */
  readonly attributeMeta?: Readonly<Record<string, string>>
}

/** POST /events/search */
export interface SearchRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  readonly limit?: number
  /** From the answer before; the snapshot of the first page is kept in it. */
  readonly cursor?: string
  readonly order?: 'newest' | 'oldest'
  /** Attribute keys to return; without it, all. */
  readonly attributes?: readonly string[]
}
export interface SearchAnswer {
  readonly events: readonly EventRow[]
  readonly nextCursor?: string
  readonly meta: AnswerMeta
}

export type Aggregate =
  | { readonly op: 'count' | 'rate' | 'error_rate' }
  | { readonly op: 'sum' | 'avg' | 'min' | 'max' | 'distinct'; readonly field: string }
  | { readonly op: 'percentile'; readonly field: string; readonly p: number }

/** POST /events/aggregate */
export interface AggregateRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  readonly aggregates: readonly Aggregate[]
  readonly groupBy?: readonly string[]
  /** Top N groups by the first aggregate; the rest becomes one group with `other: true`. Default 10. */
  readonly top?: number
  /** Present: a time series with this step ('auto' chooses); absent: one value per group. */
  readonly stepMs?: number | 'auto'
}
export interface AggregateGroup {
  /** One value per groupBy field; null where the field is missing. */
  readonly key: readonly (AttributeValue | null)[]
  readonly other: boolean
  /** One per aggregate, over the whole range. null when there is nothing to compute it from. */
  readonly totals: readonly (number | null)[]
  /** One array per aggregate, aligned with `times`; null is a gap. */
  readonly series?: readonly (readonly (number | null)[])[]
}
export interface AggregateAnswer {
  /** Start of each step, Unix ms; empty without stepMs. */
  readonly times: readonly number[]
  readonly stepMs?: number
  readonly groups: readonly AggregateGroup[]
  readonly groupsTotal: number
  readonly meta: AnswerMeta
}

/** POST /events/heatmap */
export interface HeatmapRequest extends TimeRange {
  readonly where?: string
  readonly signals?: readonly ('span' | 'log' | 'event')[]
  /** Default duration. */
  readonly field?: string
  readonly columns?: number
}
export interface HeatmapAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  /** Lower bounds of the rows, ascending, in the field's unit (ns for durations); log spaced. */
  readonly bounds: readonly number[]
  /** [time index, bound index, weight] for non-empty cells. */
  readonly cells: readonly (readonly [number, number, number])[]
  readonly meta: AnswerMeta
}

export interface SpanEvent {
  readonly timeNs: string
  readonly name: string
  readonly attributes: Readonly<Record<string, unknown>>
}
export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A span in a trace: enough to draw it. The rest comes with GET /traces/:traceId/spans/:spanId. */
export interface TraceSpan {
  readonly id: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly service: string
  readonly name: string
  readonly kind: string
  readonly status: 'unset' | 'ok' | 'error'
  readonly timeNs: string
  readonly durationNs: string
  /** Times of span events, nanoseconds. */
  readonly eventTimesNs: readonly string[]
  readonly weight: number
}

/** GET /traces/:traceId?limit=&after= : spans in start order; `after` continues where the answer before was cut. */
export interface TraceAnswer {
  readonly traceId: string
  readonly startNs: string
  readonly endNs: string
  readonly spanCount: number
  readonly errorCount: number
  readonly logCount: number
  readonly services: readonly string[]
  readonly spans: readonly TraceSpan[]
  readonly logs: readonly EventRow[]
  /** Present when spans were left out. */
  readonly nextAfter?: string
  /** Resent duplicates (same span id) left out. */
  readonly duplicateSpans: number
  readonly meta: AnswerMeta
}

/** GET /traces/:traceId/spans/:spanId */
export interface SpanAnswer {
  readonly span: EventRow & {
    readonly resource: Readonly<Record<string, AttributeValue>>
    readonly scopeName: string
    readonly scopeVersion: string
    readonly traceState: string
    readonly th: string
    readonly sampleReason: string
    readonly events: readonly SpanEvent[]
    readonly links: readonly SpanLink[]
    readonly droppedAttributes: number
    readonly droppedEvents: number
    readonly droppedLinks: number
  }
  readonly meta: AnswerMeta
}

/** GET /events/:id?timeNs= : one event whole (a log line's own link). Same shape as a span. */
export type EventAnswer = SpanAnswer

/** GET /traces?from&to&where&limit&cursor : newest first, by root or by any span */
export interface TraceSummary {
  readonly traceId: string
  readonly startNs: string
  readonly durationNs: string
  readonly rootService: string
  readonly rootName: string
  readonly spanCount: number
  readonly errorCount: number
}
export interface TracesAnswer {
  readonly traces: readonly TraceSummary[]
  readonly nextCursor?: string
  readonly meta: AnswerMeta
}

/** GET /services?from&to : RED per service, from the rollup made before sampling */
export interface ServiceRed {
  readonly service: string
  /** Which spans were counted: entry spans (server, consumer), else all. */
  readonly basis: 'entry' | 'all'
  readonly requests: number
  readonly ratePerS: number
  readonly errors: number
  readonly errorRatio: number | null
  readonly p50Ns: number | null
  readonly p95Ns: number | null
  readonly p99Ns: number | null
  readonly rateSeries: readonly (number | null)[]
  readonly errorRatioSeries: readonly (number | null)[]
  /** Newest service.version seen, '' when unknown. */
  readonly version: string
}
export interface ServicesAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly services: readonly ServiceRed[]
  readonly meta: AnswerMeta
}

/** GET /services/:service/operations?from&to */
export interface OperationRed {
  readonly name: string
  readonly kind: string
  readonly requests: number
  readonly ratePerS: number
  readonly errorRatio: number | null
  readonly p50Ns: number | null
  readonly p95Ns: number | null
  readonly p99Ns: number | null
}
export interface OperationsAnswer {
  readonly operations: readonly OperationRed[]
  readonly meta: AnswerMeta
}

/** GET /fields?from&to&prefix&limit : intrinsic fields and attribute keys of the catalogue */
export interface FieldInfo {
  readonly name: string
  readonly scope: 'intrinsic' | 'attribute' | 'resource'
  readonly type: 'string' | 'number' | 'bool' | 'duration' | 'time' | 'id'
  readonly rows: number
}
export interface FieldsAnswer {
  readonly fields: readonly FieldInfo[]
  readonly meta: AnswerMeta
}

/** GET /fields/:name/values?from&to&prefix&service&limit */
export interface FieldValuesAnswer {
  readonly values: readonly { readonly value: AttributeValue; readonly rows: number }[]
  /** True when the key has more distinct values than the catalogue keeps. */
  readonly highCardinality: boolean
  readonly meta: AnswerMeta
}

/** GET /metrics?from&to&prefix */
export interface MetricInfo {
  readonly metric: string
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'
  readonly unit: string
  readonly description: string
  readonly temporality: 'unspecified' | 'delta' | 'cumulative'
  readonly monotonic: boolean
  readonly series: number
}
export interface MetricsAnswer {
  readonly metrics: readonly MetricInfo[]
  readonly meta: AnswerMeta
}

/** GET /metrics/:metric/series?from&to&limit */
export interface MetricSeriesAnswer {
  readonly series: readonly {
    readonly seriesId: string
    readonly service: string
    readonly attributes: Readonly<Record<string, AttributeValue>>
  }[]
  readonly meta: AnswerMeta
}

/** POST /metrics/query */
export interface MetricQueryRequest extends TimeRange {
  readonly metric: string
  readonly op: 'rate' | 'increase' | 'sum' | 'avg' | 'min' | 'max' | 'last' | 'percentile'
  readonly p?: number
  readonly groupBy?: readonly string[]
  readonly where?: string
  readonly stepMs?: number | 'auto'
  readonly top?: number
}
export interface MetricQueryAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly unit: string
  readonly groups: readonly {
    readonly key: readonly (AttributeValue | null)[]
    readonly values: readonly (number | null)[]
  }[]
  readonly exemplars: readonly {
    readonly timeNs: string
    readonly value: number
    readonly traceId: string
    readonly spanId: string
  }[]
  readonly meta: AnswerMeta
}

/** POST /sql, admin scope */
export interface SqlRequest {
  readonly sql: string
}
export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly meta: AnswerMeta
}

/** POST /predicate/parse : what the predicate field needs while typing */
export interface PredicateParseRequest {
  readonly where: string
}
export type PredicateParseAnswer =
  | { readonly ok: true; readonly canonical: string }
  | {
      readonly ok: false
      readonly message: string
      readonly position: { readonly start: number; readonly end: number }
    }

/** GET /ingest/status?from&to : the ledger and what is on its way */
export interface IngestMinute {
  readonly minuteMs: number
  readonly signal: 'span' | 'log' | 'event' | 'metric'
  readonly outcome: 'accepted' | 'rejected' | 'resent' | 'refused'
  readonly reason: string
  readonly requests: number
  readonly items: number
  readonly bytes: number
}
export interface IngestStatusAnswer {
  readonly minutes: readonly IngestMinute[]
  /** Rows in the store for the same range, by signal: must equal what the ledger accepted once the journal is empty. */
  readonly stored: Readonly<Record<'span' | 'log' | 'event' | 'metric', number>>
  readonly journal: {
    readonly bytes: number
    readonly bytesMax: number
    readonly rows: number
    /** Age of the oldest event not yet stored; 0 when the journal is empty. */
    readonly lagMs: number
    readonly deadLetters: number
  }
  readonly store: {
    readonly bytes: number
    readonly rows: number
    readonly parts: number
    readonly diskFreeBytes: number
  }
  readonly meta: AnswerMeta
}

/** GET /health : no key needed */
export interface HealthAnswer {
  readonly status: 'ready' | 'starting' | 'stopping' | 'degraded'
  readonly version: string
  readonly reasons: readonly string[]
}
