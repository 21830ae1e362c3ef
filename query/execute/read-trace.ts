import { OrielError } from '@oriel/core'
import { type EventRecord, hexId, toEventRow } from '../compile/event-columns.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import {
  compileTraceBounds,
  compileTraceLogs,
  compileTraceSpans,
  compileTraceTotals,
  type TraceAfter,
} from '../compile/trace.ts'
import type { TraceAnswer, TraceSpan } from '../contract.ts'
import type { Inquiry } from './reader.ts'

interface BoundsRow {
  readonly start_ns: string
  readonly end_ns: string
  readonly span_count: string
}

interface TotalsRow {
  readonly stored: string
  readonly spans: string
  readonly errors: string
  readonly logs: string
  readonly services: readonly string[]
  readonly weighted: number
  readonly unknown_sampling: number
}

interface SpanRow {
  readonly e_block: string
  readonly e_row: number
  readonly e_span: string
  readonly e_parent: string
  readonly e_service: string
  readonly e_name: string
  readonly e_kind: string
  readonly e_status: 'unset' | 'ok' | 'error'
  readonly e_time: string
  readonly e_duration: string
  readonly e_event_times: readonly string[]
  readonly e_weight: number
}

export interface TraceRequest {
  readonly traceId: string
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

/** A trace in start order, so that a cut one still has its beginning: parents before what they called. */
export async function readTrace(inquiry: Inquiry, request: TraceRequest): Promise<TraceAnswer> {
  const { traceSpansMax, traceLogsMax } = inquiry.settings
  const traceId = checkTraceId(request.traceId)
  const limit = request.limit ?? traceSpansMax
  if (limit > traceSpansMax) {
    throw new OrielError(
      'invalid_argument',
      `limit ${limit} exceeds the maximum ${traceSpansMax} (query.traceSpansMax)`,
    )
  }
  const bounds = await traceBounds(inquiry, traceId)
  const after = request.after === undefined ? undefined : parseAfter(request.after)
  const [totals] = await inquiry.read<TotalsRow>(compileTraceTotals(traceId, bounds.range))
  const rows = await inquiry.read<SpanRow>(
    compileTraceSpans(traceId, bounds.range, { limit: limit + 1, after }),
  )
  const logs = await inquiry.read<EventRecord>(compileTraceLogs(traceId, bounds.range, traceLogsMax))
  inquiry.sampled({
    weighted: Number(totals?.weighted) === 1,
    unknown: Number(totals?.unknown_sampling) === 1,
  })
  const spans = rows.slice(0, limit).map(toTraceSpan)
  const last = rows.length > limit ? spans.at(-1) : undefined
  const spanCount = Number(totals?.spans ?? 0)
  sayCuts(inquiry, {
    more: last !== undefined,
    shown: spans.length,
    spanCount,
    logs: Number(totals?.logs ?? 0),
    limit,
  })
  sayMissing(inquiry, Number(bounds.indexedSpans), Number(totals?.stored ?? 0))
  return {
    traceId,
    startNs: bounds.startNs,
    endNs: bounds.endNs,
    spanCount,
    errorCount: Number(totals?.errors ?? 0),
    logCount: Number(totals?.logs ?? 0),
    services: totals?.services ?? [],
    spans,
    logs: logs.map(toEventRow),
    ...(last === undefined ? {} : { nextAfter: `${last.timeNs}-${last.spanId}` }),
    duplicateSpans: Number(totals?.stored ?? 0) - spanCount,
    meta: inquiry.meta(),
  }
}

export interface TraceBounds {
  readonly range: ResolvedRange
  readonly startNs: string
  readonly endNs: string
  readonly indexedSpans: string
}

/** Throws not_found. */
export async function traceBounds(inquiry: Inquiry, traceId: string): Promise<TraceBounds> {
  const [row] = await inquiry.read<BoundsRow>(compileTraceBounds(traceId))
  if (row === undefined)
    throw new OrielError('not_found', `trace ${traceId} is not stored, or its retention has ended`)
  const fromMs = Number(BigInt(row.start_ns) / 1_000_000n)
  const toMs = Number(BigInt(row.end_ns) / 1_000_000n) + 1
  return { range: { fromMs, toMs }, startNs: row.start_ns, endNs: row.end_ns, indexedSpans: row.span_count }
}

export function checkTraceId(text: string): string {
  const traceId = text.toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(traceId))
    throw new OrielError('invalid_argument', `trace id "${text.slice(0, 64)}" is not 32 hex digits`)
  return traceId
}

function parseAfter(text: string): TraceAfter {
  const match = /^(\d{1,19})-([0-9a-f]{16})$/.exec(text)
  if (match === null) throw new OrielError('invalid_argument', 'after is not nextAfter of an answer before')
  return { timeNs: match[1] ?? '', spanId: match[2] ?? '' }
}

function toTraceSpan(row: SpanRow): TraceSpan {
  return {
    id: `${row.e_block}:${row.e_row}`,
    spanId: row.e_span,
    parentSpanId: hexId(row.e_parent),
    service: row.e_service,
    name: row.e_name,
    kind: row.e_kind,
    status: row.e_status,
    timeNs: row.e_time,
    durationNs: row.e_duration,
    eventTimesNs: row.e_event_times,
    weight: row.e_weight,
  }
}

interface CutFacts {
  readonly more: boolean
  readonly shown: number
  readonly spanCount: number
  readonly logs: number
  readonly limit: number
}

function sayCuts(inquiry: Inquiry, facts: CutFacts): void {
  if (facts.more) {
    inquiry.cut({
      what: `${facts.shown} of ${facts.spanCount} spans, in start order`,
      limit: `${facts.limit} spans (query.traceSpansMax)`,
      advice: 'continue with nextAfter',
    })
  }
  if (facts.logs > inquiry.settings.traceLogsMax) {
    inquiry.cut({
      what: `${inquiry.settings.traceLogsMax} of ${facts.logs} log records`,
      limit: `${inquiry.settings.traceLogsMax} rows (query.traceLogsMax)`,
      advice: 'search events by trace_id for the rest',
    })
  }
}

/** The index counts before sampling; fewer spans stored means they were sampled out, or are on their way. */
function sayMissing(inquiry: Inquiry, indexed: number, stored: number): void {
  if (stored >= indexed) return
  inquiry.cut({
    what: `${indexed - stored} of ${indexed} spans received are not stored`,
    limit: 'sampled out, dropped by retention or still on their way',
    advice: 'see completeThroughMs and the sampling rules',
  })
}
