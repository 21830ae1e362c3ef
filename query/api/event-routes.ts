import { z } from '@hono/zod-openapi'
import type { AggregateRequest, HeatmapRequest, SearchRequest } from '../contract.ts'
import { aggregateEvents } from '../execute/aggregate-events.ts'
import { drawHeatmap } from '../execute/draw-heatmap.ts'
import { listTraces } from '../execute/list-traces.ts'
import { readEvent, readSpan } from '../execute/read-event.ts'
import { readTrace } from '../execute/read-trace.ts'
import type { Reader } from '../execute/reader.ts'
import { searchEvents } from '../execute/search-events.ts'
import { type Api, questionRoute } from './route.ts'
import { aggregateBody, eventQuery, heatmapBody, searchBody, traceQuery, tracesQuery } from './schemas.ts'

export function eventRoutes(api: Api, reader: Reader): void {
  questionRoute(api, reader, {
    method: 'post',
    path: '/events/search',
    summary: 'Events, newest first, in pages that stay put while data arrives',
    answer: 'SearchAnswer',
    body: searchBody,
    run: (inquiry, { body }) => searchEvents(inquiry, body as SearchRequest),
  })
  questionRoute(api, reader, {
    method: 'post',
    path: '/events/aggregate',
    summary: 'Counts, rates and percentiles, by group and over time',
    answer: 'AggregateAnswer',
    body: aggregateBody,
    run: (inquiry, { body }) => aggregateEvents(inquiry, body as AggregateRequest),
  })
  questionRoute(api, reader, {
    method: 'post',
    path: '/events/heatmap',
    summary: 'Weight by time and value',
    answer: 'HeatmapAnswer',
    body: heatmapBody,
    run: (inquiry, { body }) => drawHeatmap(inquiry, body as HeatmapRequest),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/events/{id}',
    summary: 'One event whole',
    answer: 'EventAnswer',
    query: eventQuery,
    params: z.object({ id: z.string() }),
    run: (inquiry, { query, params }) => readEvent(inquiry, { id: params.id, timeNs: query.timeNs }),
  })
  traceRoutes(api, reader)
}

function traceRoutes(api: Api, reader: Reader): void {
  questionRoute(api, reader, {
    method: 'get',
    path: '/traces',
    summary: 'Traces, newest first',
    answer: 'TracesAnswer',
    query: tracesQuery,
    run: (inquiry, { query }) => listTraces(inquiry, query),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/traces/{traceId}',
    summary: 'A trace: its spans in start order, its logs',
    answer: 'TraceAnswer',
    query: traceQuery,
    params: z.object({ traceId: z.string() }),
    run: (inquiry, { query, params }) =>
      readTrace(inquiry, { traceId: params.traceId, limit: query.limit, after: query.after }),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/traces/{traceId}/spans/{spanId}',
    summary: 'One span whole',
    answer: 'SpanAnswer',
    params: z.object({ traceId: z.string(), spanId: z.string() }),
    run: (inquiry, { params }) => readSpan(inquiry, params),
  })
}
