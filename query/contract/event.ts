import type { AnswerMeta } from './answer.ts'

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
