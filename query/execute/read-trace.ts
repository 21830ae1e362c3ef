import { OrielError } from '@oriel/core'
import { type EventRecord, hexId, toEventRow } from '../compile/event-columns.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import {
  compileTraceBounds,
  compileTraceLogs,
  compileTraceSpans,
  compileTraceTotals,
  compileWholeTrace,
  type TraceAfter,
} from '../compile/trace.ts'
import type { TraceAnswer, TraceSpan } from '../contract.ts'
import type { Inquiry } from './reader.ts'

interface BoundsRow {
  readonly start_ns: string
  readonly end_ns: string
  readonly span_count: string
  readonly log_count: string
}

interface TotalsRow {
  readonly stored: string
  readonly spans: string
  readonly errors: string
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
  readonly e_unknown?: number
}

export interface TraceRequest {
  readonly traceId: string
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

interface TraceContent {
  readonly spans: readonly SpanRow[]
  /** More spans follow the last of these. */
  readonly more: boolean
  readonly stored: number
  readonly spanCount: number
  readonly errorCount: number
  readonly services: readonly string[]
}

/** A trace in start order, so that a cut one still has its beginning: parents before what they called. */
export async function readTrace(inquiry: Inquiry, request: TraceRequest): Promise<TraceAnswer> {
  const { traceSpansMax } = inquiry.settings
  const traceId = checkTraceId(request.traceId)
  const limit = request.limit ?? traceSpansMax
  if (limit > traceSpansMax) {
    throw new OrielError(
      'invalid_argument',
      `limit ${limit} exceeds the maximum ${traceSpansMax} (query.traceSpansMax)`,
    )
  }
  const after = request.after === undefined ? undefined : parseAfter(request.after)
  const bounds = await traceBounds(inquiry, traceId)
  const content =
    (after === undefined ? await wholeTrace(inquiry, { traceId, range: bounds.range, limit }) : undefined) ??
    (await partOfTrace(inquiry, { traceId, range: bounds.range, limit, after }))
  const logs = await traceLogs(inquiry, { traceId, bounds, storedSpans: content.stored })
  const spans = content.spans.map(toTraceSpan)
  const last = content.more ? spans.at(-1) : undefined
  sayCut(inquiry, { more: content.more, shown: spans.length, spanCount: content.spanCount, limit })
  // the index counts a wide event of the trace among its spans
  const wideEvents = logs.filter((log) => log.e_signal === 'event').length
  sayMissing(inquiry, Number(bounds.indexedSpans), content.stored + wideEvents)
  return {
    traceId,
    startNs: bounds.startNs,
    endNs: bounds.endNs,
    spanCount: content.spanCount,
    errorCount: content.errorCount,
    logCount: Math.max(logs.length, Number(bounds.indexedLogs)),
    services: content.services,
    spans,
    logs: logs.map(toEventRow),
    ...(last === undefined ? {} : { nextAfter: `${last.timeNs}-${last.spanId}` }),
    duplicateSpans: content.stored - content.spanCount,
    meta: inquiry.meta(),
  }
}

interface TracePart {
  readonly traceId: string
  readonly range: ResolvedRange
  readonly limit: number
  readonly after?: TraceAfter | undefined
}

/** The common case in one read; undefined when there are more rows than the limit. */
async function wholeTrace(inquiry: Inquiry, part: TracePart): Promise<TraceContent | undefined> {
  const rows = await inquiry.read<SpanRow>(compileWholeTrace(part.traceId, part.range, part.limit + 1))
  if (rows.length > part.limit) return undefined
  const first = new Map<string, SpanRow>()
  const failed = new Set<string>()
  for (const row of rows) {
    if (!first.has(row.e_span)) first.set(row.e_span, row)
    if (row.e_status === 'error') failed.add(row.e_span)
  }
  inquiry.sampled({
    weighted: rows.some((row) => row.e_weight !== 1),
    unknown: rows.some((row) => Number(row.e_unknown) === 1),
  })
  return {
    spans: [...first.values()],
    more: false,
    stored: rows.length,
    spanCount: first.size,
    errorCount: failed.size,
    services: [...new Set(rows.map((row) => row.e_service))].sort(),
  }
}

async function partOfTrace(inquiry: Inquiry, part: TracePart): Promise<TraceContent> {
  const { traceId, range, limit, after } = part
  const [totals] = await inquiry.read<TotalsRow>(compileTraceTotals(traceId, range))
  const rows = await inquiry.read<SpanRow>(compileTraceSpans(traceId, range, { limit: limit + 1, after }))
  inquiry.sampled({
    weighted: Number(totals?.weighted) === 1,
    unknown: Number(totals?.unknown_sampling) === 1,
  })
  return {
    spans: rows.slice(0, limit),
    more: rows.length > limit,
    stored: Number(totals?.stored ?? 0),
    spanCount: Number(totals?.spans ?? 0),
    errorCount: Number(totals?.errors ?? 0),
    services: totals?.services ?? [],
  }
}

/** The index knows how many there are: none is not looked for, too many is said. */
async function traceLogs(
  inquiry: Inquiry,
  trace: { readonly traceId: string; readonly bounds: TraceBounds; readonly storedSpans: number },
): Promise<readonly EventRecord[]> {
  const { traceId, bounds } = trace
  const limit = inquiry.settings.traceLogsMax
  const indexed = Number(bounds.indexedLogs)
  const expected = indexed + Math.max(0, Number(bounds.indexedSpans) - trace.storedSpans)
  if (expected === 0 || limit === 0) return []
  if (indexed > limit) {
    inquiry.cut({
      what: `${limit} of ${indexed} log records`,
      limit: `${limit} rows (query.traceLogsMax)`,
      advice: 'search events by trace_id for the rest',
    })
  }
  return inquiry.read<EventRecord>(compileTraceLogs(traceId, bounds.range, limit))
}

export interface TraceBounds {
  readonly range: ResolvedRange
  readonly startNs: string
  readonly endNs: string
  readonly indexedSpans: string
  readonly indexedLogs: string
}

/** Throws not_found. */
export async function traceBounds(inquiry: Inquiry, traceId: string): Promise<TraceBounds> {
  const [row] = await inquiry.read<BoundsRow>(compileTraceBounds(traceId))
  if (row === undefined)
    throw new OrielError('not_found', `trace ${traceId} is not stored, or its retention has ended`)
  const fromMs = Number(BigInt(row.start_ns) / 1_000_000n)
  const toMs = Number(BigInt(row.end_ns) / 1_000_000n) + 1
  return {
    range: { fromMs, toMs },
    startNs: row.start_ns,
    endNs: row.end_ns,
    indexedSpans: row.span_count,
    indexedLogs: row.log_count,
  }
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
  readonly limit: number
}

function sayCut(inquiry: Inquiry, facts: CutFacts): void {
  if (!facts.more) return
  inquiry.cut({
    what: `${facts.shown} of ${facts.spanCount} spans, in start order`,
    limit: `${facts.limit} spans (query.traceSpansMax)`,
    advice: 'continue with nextAfter',
  })
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
