import { z } from '@hono/zod-openapi'
import type { MetricQueryRequest } from '../contract.ts'
import { ingestStatus } from '../execute/ingest-status.ts'
import { listFields, listFieldValues } from '../execute/list-fields.ts'
import { listMetrics, listSeries } from '../execute/list-metrics.ts'
import { listOperations, listServices } from '../execute/list-services.ts'
import { queryMetric } from '../execute/query-metric.ts'
import type { Reader } from '../execute/reader.ts'
import { runSql } from '../execute/run-sql.ts'
import type { ApiPorts } from './ports.ts'
import { type Api, questionRoute } from './route.ts'
import { limitQuery, metricQueryBody, prefixQuery, rangeQuery, sqlBody, valuesQuery } from './schemas.ts'

export function serviceRoutes(api: Api, reader: Reader, ports: ApiPorts): void {
  questionRoute(api, reader, {
    method: 'get',
    path: '/services',
    summary: 'Services with rate, errors and duration',
    answer: 'ServicesAnswer',
    query: rangeQuery,
    run: (inquiry, { query }) => listServices(inquiry, query),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/services/{service}/operations',
    summary: 'Operations of a service with rate, errors and duration',
    answer: 'OperationsAnswer',
    query: rangeQuery,
    params: z.object({ service: z.string() }),
    run: (inquiry, { query, params }) => listOperations(inquiry, { ...query, service: params.service }),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/fields',
    summary: 'Field names for autocomplete',
    answer: 'FieldsAnswer',
    query: prefixQuery,
    run: (inquiry, { query }) => listFields(inquiry, query),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/fields/{name}/values',
    summary: 'Values of a field for autocomplete',
    answer: 'FieldValuesAnswer',
    query: valuesQuery,
    params: z.object({ name: z.string() }),
    run: (inquiry, { query, params }) => listFieldValues(inquiry, { ...query, name: params.name }),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/ingest/status',
    summary: 'What arrived, what is stored, what is on its way',
    answer: 'IngestStatusAnswer',
    query: rangeQuery,
    run: (inquiry, { query }) => ingestStatus(inquiry, query, ports.ingest),
  })
  questionRoute(api, reader, {
    method: 'post',
    path: '/sql',
    summary: 'A single SELECT over the telemetry tables; admin scope',
    answer: 'SqlAnswer',
    scope: 'admin',
    body: sqlBody,
    run: (inquiry, { body }) => runSql(inquiry, body),
  })
  metricRoutes(api, reader)
}

function metricRoutes(api: Api, reader: Reader): void {
  questionRoute(api, reader, {
    method: 'get',
    path: '/metrics',
    summary: 'Metrics',
    answer: 'MetricsAnswer',
    query: prefixQuery,
    run: (inquiry, { query }) => listMetrics(inquiry, query),
  })
  questionRoute(api, reader, {
    method: 'get',
    path: '/metrics/{metric}/series',
    summary: 'Series of a metric',
    answer: 'MetricSeriesAnswer',
    query: limitQuery,
    params: z.object({ metric: z.string() }),
    run: (inquiry, { query, params }) => listSeries(inquiry, { ...query, metric: params.metric }),
  })
  questionRoute(api, reader, {
    method: 'post',
    path: '/metrics/query',
    summary: 'A metric over time',
    answer: 'MetricQueryAnswer',
    body: metricQueryBody,
    run: (inquiry, { body }) => queryMetric(inquiry, body as MetricQueryRequest),
  })
}
