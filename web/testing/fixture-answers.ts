import type {
  AggregateRequest,
  IngestMinute,
  IngestStatusAnswer,
  SearchRequest,
  SpanAnswer,
} from '@oriel/query/contract'
import { chance, eventAt, meta, serviceAt, services, traceIdOf, traceOf } from './fixture-data.ts'

export interface FixtureRequest {
  readonly path: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly nowMs: number
}

/** The answer of one route, or undefined where the contract has no such route. */
export function answer(request: FixtureRequest): unknown {
  const parts = request.path.split('/').slice(1).map(decodeURIComponent)
  const { nowMs, query } = request
  const whole = meta(nowMs)
  const key =
    parts.length === 4
      ? `${parts[0]}/*/${parts[2]}/*`
      : parts.length === 3
        ? `${parts[0]}/*/${parts[2]}`
        : parts.join('/')
  if (key === 'services')
    return { times: [], stepMs: 90_000, services: services.map((_, at) => serviceAt(at)), meta: whole }
  if (key === 'services/*/operations') return { operations: operations(), meta: whole }
  if (key === 'events/search') return search(request.body as SearchRequest, nowMs)
  if (key === 'events/aggregate') return aggregate(request.body as AggregateRequest, nowMs)
  if (key === 'events/heatmap') return heatmap(request.body as AggregateRequest, nowMs)
  if (key === 'traces') return { traces: traces(nowMs), meta: whole }
  if (key === 'traces/*/spans/*') return spanAnswer(parts[1] ?? '', parts[3] ?? '', nowMs)
  if (parts[0] === 'traces' && parts.length === 2) {
    return traceOf(parts[1] ?? '', nowMs, {
      limit: Number(query.get('limit') ?? 10_000),
      after: Number(query.get('after') ?? 0),
    })
  }
  if (key === 'fields') return { fields: fields(query.get('prefix') ?? ''), meta: whole }
  if (key === 'fields/*/values')
    return {
      values: services.map((value, at) => ({ value, rows: 9000 - at * 700 })),
      highCardinality: false,
      meta: whole,
    }
  if (key === 'predicate/parse') return parse((request.body as { where: string }).where)
  if (key === 'ingest/status') return ingest(nowMs)
  return undefined
}

const operations = () =>
  ['POST /orders', 'GET /orders/{id}', 'GET /health'].map((name, at) => ({
    name,
    kind: 'server',
    requests: 4000 - at * 900,
    ratePerS: 86.3 / (at + 1),
    errorRatio: at === 0 ? 0.0381 : 0,
    p50Ns: 12e6,
    p95Ns: 212e6,
    p99Ns: 2.41e9,
  }))

function search(request: SearchRequest, nowMs: number) {
  if (request.where?.includes('nothing')) return { events: [], meta: meta(nowMs) }
  const from = Number(request.cursor ?? 0)
  const events = Array.from({ length: 50 }, (_, at) => eventAt(from + at, nowMs))
  return { events, ...(from < 150 ? { nextCursor: String(from + 50) } : {}), meta: meta(nowMs) }
}

function aggregate(request: AggregateRequest, nowMs: number) {
  const from = Number(request.from)
  const stepMs = Math.max(1000, Math.ceil((Number(request.to) - from) / 60))
  const times = Array.from({ length: 60 }, (_, at) => from + at * stepMs)
  const keys: (string | null)[][] = request.groupBy ? [['eu-south'], ['eu-west'], ['us-east'], [null]] : [[]]
  const groups = keys.map((key, at) => ({
    key,
    other: false,
    totals: [310_412 / (at + 1), 0.04 / (at + 1), 4e6, 9e8].slice(0, request.aggregates.length),
    series: request.aggregates.map((_, which) =>
      times.map((_time, i) => Math.round(100 + chance(i + at * 60 + which) * 80)),
    ),
  }))
  return { times, stepMs, groups, groupsTotal: groups.length, meta: meta(nowMs) }
}

function heatmap(request: AggregateRequest, nowMs: number) {
  const from = Number(request.from)
  const stepMs = Math.ceil((Number(request.to) - from) / 80)
  const cells: [number, number, number][] = []
  for (let x = 0; x < 80; x++) {
    for (let y = 0; y < 26; y++) {
      const weight = Math.floor(
        900 * Math.exp(-((y - 8) ** 2) / 14) * (0.5 + chance(x * 26 + y)) +
          (x > 52 ? 80 * Math.exp(-((y - 21) ** 2) / 4) : 0),
      )
      if (weight > 0) cells.push([x, y, weight])
    }
  }
  return {
    times: Array.from({ length: 80 }, (_, at) => from + at * stepMs),
    stepMs,
    bounds: Array.from({ length: 26 }, (_, at) => 1e5 * 2 ** (at / 1.6)),
    cells,
    meta: meta(nowMs),
  }
}

const traces = (nowMs: number) =>
  Array.from({ length: 30 }, (_, at) => ({
    traceId: traceIdOf(at),
    startNs: `${BigInt(Math.floor(nowMs - at * 4100)) * 1_000_000n}`,
    durationNs: String(Math.floor(2.4e9 * chance(at))),
    rootService: at === 7 ? '' : 'gateway',
    rootName: 'POST /orders',
    spanCount: 52,
    errorCount: at % 4 === 0 ? 2 : 0,
  }))

function spanAnswer(traceId: string, spanId: string, nowMs: number): SpanAnswer {
  const found = traceOf(traceId, nowMs, { limit: 100_000, after: 0 }).spans.find(
    (each) => each.spanId === spanId,
  )
  const row = eventAt(0, nowMs)
  return {
    span: {
      ...row,
      ...found,
      traceId,
      spanId,
      statusMessage: found?.status === 'error' ? 'provider timed out' : '',
      resource: { 'service.version': '2.14.0', 'host.name': 'pod-7f9c' },
      scopeName: 'shop/http',
      scopeVersion: '1.2.0',
      traceState: '',
      th: '',
      sampleReason: '',
      events: [
        {
          timeNs: row.timeNs,
          name: 'exception',
          attributes: {
            'exception.type': 'TimeoutError',
            'exception.stacktrace': 'TimeoutError: no answer\n    at authorise (provider.ts:41:9)',
          },
        },
      ],
      links: [],
      droppedAttributes: 0,
      droppedEvents: 0,
      droppedLinks: 0,
    },
    meta: meta(nowMs),
  }
}

const fields = (prefix: string) =>
  [
    { name: 'service', scope: 'intrinsic', type: 'string', rows: 310_412 },
    { name: 'duration', scope: 'intrinsic', type: 'duration', rows: 310_412 },
    { name: 'status', scope: 'intrinsic', type: 'string', rows: 310_412 },
    { name: 'payment.region', scope: 'attribute', type: 'string', rows: 85_900 },
    { name: 'host.name', scope: 'resource', type: 'string', rows: 310_412 },
  ].filter((field) => field.name.startsWith(prefix))

function parse(where: string) {
  const at = where.indexOf('@@')
  if (at < 0) return { ok: true, canonical: where }
  return { ok: false, message: `unexpected "@@" at character ${at}`, position: { start: at, end: at + 2 } }
}

function ingest(nowMs: number): IngestStatusAnswer {
  const minute = Math.floor(nowMs / 60_000) * 60_000
  const minutes: IngestMinute[] = []
  for (let at = 1; at < 60; at++) {
    const minuteMs = minute - at * 60_000
    minutes.push({
      minuteMs,
      signal: 'span',
      outcome: 'accepted',
      reason: '',
      requests: 40,
      items: 5000 + Math.floor(chance(at) * 900),
      bytes: 900_000,
    })
    if (at % 9 === 0)
      minutes.push({
        minuteMs,
        signal: 'log',
        outcome: 'rejected',
        reason: 'malformed',
        requests: 1,
        items: 120,
        bytes: 9000,
      })
    if (at === 5)
      minutes.push({
        minuteMs,
        signal: 'span',
        outcome: 'resent',
        reason: 'same digest',
        requests: 3,
        items: 900,
        bytes: 9000,
      })
  }
  const accepted = minutes.reduce((sum, each) => sum + (each.outcome === 'accepted' ? each.items : 0), 0)
  return {
    minutes,
    stored: { span: accepted, log: 0, event: 0, metric: 0 },
    journal: { bytes: 41_000_000, bytesMax: 4_000_000_000, rows: 0, lagMs: 0, deadLetters: 0 },
    store: { bytes: 812_000_000, rows: 10_204_113, parts: 41, diskFreeBytes: 48e9 },
    meta: meta(nowMs),
  }
}
