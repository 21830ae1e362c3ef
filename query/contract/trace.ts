import type { AnswerMeta } from './answer.ts'
import type { EventRow } from './event.ts'

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
