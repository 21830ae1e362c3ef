import { OrielError } from '@oriel/core'
import { parseAttributes } from '../compile/attributes.ts'
import { type EventRecord, hexId, toEventRow } from '../compile/event-columns.ts'
import { compileEvent, compileResource, compileSpan } from '../compile/trace.ts'
import type { EventAnswer, SpanAnswer } from '../contract.ts'
import { checkTraceId, traceBounds } from './read-trace.ts'
import type { Inquiry } from './reader.ts'

interface DetailRecord extends EventRecord {
  readonly e_resource: string
  readonly e_scope_name: string
  readonly e_scope_version: string
  readonly e_trace_state: string
  readonly e_th: string
  readonly e_sample_reason: string
  readonly e_event_times: readonly string[]
  readonly e_event_names: readonly string[]
  readonly e_event_attributes: readonly string[]
  readonly e_link_traces: readonly string[]
  readonly e_link_spans: readonly string[]
  readonly e_link_attributes: readonly string[]
  readonly e_dropped_attributes: number
  readonly e_dropped_events: number
  readonly e_dropped_links: number
}

export async function readSpan(
  inquiry: Inquiry,
  id: { readonly traceId: string; readonly spanId: string },
): Promise<SpanAnswer> {
  const traceId = checkTraceId(id.traceId)
  const spanId = id.spanId.toLowerCase()
  if (!/^[0-9a-f]{16}$/.test(spanId))
    throw new OrielError('invalid_argument', `span id "${spanId.slice(0, 64)}" is not 16 hex digits`)
  const { range } = await traceBounds(inquiry, traceId)
  const [record] = await inquiry.read<DetailRecord>(compileSpan(traceId, spanId, range))
  if (record === undefined)
    throw new OrielError('not_found', `span ${spanId} of trace ${traceId} is not stored`)
  return whole(inquiry, record)
}

export async function readEvent(
  inquiry: Inquiry,
  id: { readonly id: string; readonly timeNs: string },
): Promise<EventAnswer> {
  const match = /^(\d{1,20}):(\d{1,10})$/.exec(id.id)
  if (match === null || !/^\d{1,19}$/.test(id.timeNs)) {
    throw new OrielError(
      'invalid_argument',
      'an event is named by its id and its timeNs, both as an answer gave them',
    )
  }
  const identity = { blockId: match[1] ?? '', rowNo: Number(match[2]) }
  const [record] = await inquiry.read<DetailRecord>(compileEvent(identity, id.timeNs))
  if (record === undefined)
    throw new OrielError(
      'not_found',
      `event ${id.id} at ${id.timeNs} is not stored, or its retention has ended`,
    )
  return whole(inquiry, record)
}

async function whole(inquiry: Inquiry, record: DetailRecord): Promise<SpanAnswer> {
  const [resource] = await inquiry.read<Pick<EventRecord, 'e_str' | 'e_num' | 'e_bool'>>(
    compileResource(record.e_resource),
  )
  inquiry.sampled({ weighted: record.e_weight !== 1, unknown: Number(record.e_unknown) === 1 })
  const span: SpanAnswer['span'] = {
    ...toEventRow(record),
    resource: parseAttributes(resource?.e_str, resource?.e_num, resource?.e_bool),
    scopeName: record.e_scope_name,
    scopeVersion: record.e_scope_version,
    traceState: record.e_trace_state,
    th: record.e_th,
    sampleReason: record.e_sample_reason,
    events: record.e_event_times.map((timeNs, index) => ({
      timeNs,
      name: record.e_event_names[index] ?? '',
      attributes: parseJson(record.e_event_attributes[index]),
    })),
    links: record.e_link_traces.map((traceId, index) => ({
      traceId: hexId(traceId),
      spanId: hexId(record.e_link_spans[index] ?? ''),
      attributes: parseJson(record.e_link_attributes[index]),
    })),
    droppedAttributes: record.e_dropped_attributes,
    droppedEvents: record.e_dropped_events,
    droppedLinks: record.e_dropped_links,
  }
  return { span, meta: inquiry.meta() }
}

function parseJson(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : { value }
  } catch {
    return { value: text }
  }
}
