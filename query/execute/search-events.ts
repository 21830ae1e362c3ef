import { createHash } from 'node:crypto'
import { OrielError } from '@oriel/core'
import { decodeCursor, encodeCursor, type SearchCursor } from '../compile/cursor.ts'
import { type EventRecord, toEventRow } from '../compile/event-columns.ts'
import { compileSearch, searchWindows, windowSettings } from '../compile/search.ts'
import type { SearchAnswer, SearchRequest } from '../contract.ts'
import { knownAttributes } from './known-attributes.ts'
import type { Inquiry } from './reader.ts'

/** Newest (or oldest) first, window by window until the page is full. */
export async function searchEvents(inquiry: Inquiry, request: SearchRequest): Promise<SearchAnswer> {
  const limit = request.limit ?? 50
  if (limit > inquiry.settings.pageMax) {
    throw new OrielError(
      'invalid_argument',
      `limit ${limit} exceeds the maximum ${inquiry.settings.pageMax} (query.pageMax)`,
    )
  }
  const question = digest(request)
  const cursor = request.cursor === undefined ? undefined : cursorFor(request.cursor, question)
  const order = cursor?.order ?? request.order ?? 'newest'
  const range = cursor ?? inquiry.range(request)
  const known = await knownAttributes(inquiry, range, request.where)
  const records: EventRecord[] = []
  for (const window of searchWindows(remaining(range, cursor, order), order)) {
    const statement = compileSearch({
      range: window,
      order,
      where: request.where,
      known,
      signals: request.signals,
      attributes: request.attributes,
      limit: limit + 1 - records.length,
      after: cursor?.last,
      receivedBeforeMs: cursor?.receivedBeforeMs,
    })
    records.push(...(await inquiry.read<EventRecord>(statement, windowSettings(window))))
    if (records.length > limit) break
  }
  const page = records.slice(0, limit)
  inquiry.sampled({
    weighted: page.some((record) => record.e_weight !== 1),
    unknown: page.some((record) => Number(record.e_unknown) === 1),
  })
  const events = page.map(toEventRow)
  const last = page.at(-1)
  if (records.length <= limit || last === undefined) return { events, meta: inquiry.meta() }
  const nextCursor = encodeCursor({
    receivedBeforeMs: cursor?.receivedBeforeMs ?? inquiry.completeThroughMs,
    fromMs: range.fromMs,
    toMs: range.toMs,
    order,
    question,
    last: { timeNs: last.e_time, blockId: last.e_block, rowNo: last.e_row },
  })
  return { events, nextCursor, meta: inquiry.meta() }
}

function cursorFor(text: string, question: string): SearchCursor {
  const cursor = decodeCursor(text)
  if (cursor.question !== question) {
    throw new OrielError(
      'invalid_argument',
      'cursor belongs to another search; start again from its first page',
    )
  }
  return cursor
}

/** What the pages before did not cover. */
function remaining(
  range: { fromMs: number; toMs: number },
  cursor: SearchCursor | undefined,
  order: 'newest' | 'oldest',
) {
  if (cursor === undefined) return range
  const lastMs = Number(BigInt(cursor.last.timeNs) / 1_000_000n)
  return order === 'newest'
    ? { fromMs: range.fromMs, toMs: Math.min(range.toMs, lastMs + 1) }
    : { fromMs: Math.max(range.fromMs, lastMs), toMs: range.toMs }
}

function digest(request: SearchRequest): string {
  const asked = [request.where?.trim() ?? '', [...(request.signals ?? [])].sort(), request.order ?? 'newest']
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 16)
}
