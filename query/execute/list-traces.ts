import { OrielError } from '@oriel/core'
import { compileTraces } from '../compile/traces.ts'
import type { TimeRange, TracesAnswer } from '../contract.ts'
import { knownAttributes } from './known-attributes.ts'
import type { Inquiry } from './reader.ts'

interface Row {
  readonly t_trace: string
  readonly start_ns: string
  readonly duration_ns: string
  readonly t_root_service: string
  readonly t_root_name: string
  readonly t_spans: string
  readonly t_errors: string
}

export interface TracesRequest extends TimeRange {
  readonly where?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** The cursor is the last trace shown, with the range of the first page. */
export async function listTraces(inquiry: Inquiry, request: TracesRequest): Promise<TracesAnswer> {
  const limit = request.limit ?? 50
  if (limit > inquiry.settings.pageMax) {
    throw new OrielError(
      'invalid_argument',
      `limit ${limit} exceeds the maximum ${inquiry.settings.pageMax} (query.pageMax)`,
    )
  }
  const cursor = request.cursor === undefined ? undefined : parseCursor(request.cursor)
  const range = cursor?.range ?? inquiry.range(request)
  const known = await knownAttributes(inquiry, range, request.where)
  const rows = await inquiry.read<Row>(
    compileTraces({ range, where: request.where, known, limit: limit + 1, after: cursor?.after }),
  )
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const traces = page.map((row) => ({
    traceId: row.t_trace,
    startNs: row.start_ns,
    durationNs: row.duration_ns,
    rootService: row.t_root_service,
    rootName: row.t_root_name,
    spanCount: Number(row.t_spans),
    errorCount: Number(row.t_errors),
  }))
  const next =
    last === undefined
      ? {}
      : { nextCursor: `1.${range.fromMs}.${range.toMs}.${last.start_ns}.${last.t_trace}` }
  return { traces, ...next, meta: inquiry.meta() }
}

function parseCursor(text: string) {
  const match = /^1\.(\d{1,15})\.(\d{1,15})\.(\d{1,19})\.([0-9a-f]{32})$/.exec(text)
  if (match === null) {
    throw new OrielError(
      'invalid_argument',
      'cursor is not one of ours; take nextCursor from the answer before',
    )
  }
  const [, from, to, startNs = '', traceId = ''] = match
  return { range: { fromMs: Number(from), toMs: Number(to) }, after: { startNs, traceId } }
}
