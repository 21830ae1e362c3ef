import type {
  AggregateAnswer,
  AggregateRequest,
  FieldsAnswer,
  FieldValuesAnswer,
  HeatmapAnswer,
  HeatmapRequest,
  IngestStatusAnswer,
  MetricQueryAnswer,
  MetricQueryRequest,
  MetricSeriesAnswer,
  MetricsAnswer,
  OperationsAnswer,
  PredicateParseAnswer,
  SearchAnswer,
  SearchRequest,
  ServicesAnswer,
  SpanAnswer,
  TimeRange,
  TraceAnswer,
  TracesAnswer,
} from '@oriel/query/contract'
import type { Result } from './answer.ts'
import { getJson, pathWithQuery, postJson } from './request.ts'

/** A question that is ready to be asked, once, with a signal that withdraws it. */
export type Ask<T> = (signal: AbortSignal) => Promise<Result<T>>

const part = encodeURIComponent
const rangeQuery = (range: TimeRange) => ({ from: range.from, to: range.to })

/** The whole of the query API the interface uses, one function per route. */
export const client = {
  services:
    (range: TimeRange): Ask<ServicesAnswer> =>
    (signal) =>
      getJson(pathWithQuery('/services', rangeQuery(range)), signal),

  operations:
    (service: string, range: TimeRange): Ask<OperationsAnswer> =>
    (signal) =>
      getJson(pathWithQuery(`/services/${part(service)}/operations`, rangeQuery(range)), signal),

  search:
    (request: SearchRequest): Ask<SearchAnswer> =>
    (signal) =>
      postJson('/events/search', request, signal),

  aggregate:
    (request: AggregateRequest): Ask<AggregateAnswer> =>
    (signal) =>
      postJson('/events/aggregate', request, signal),

  heatmap:
    (request: HeatmapRequest): Ask<HeatmapAnswer> =>
    (signal) =>
      postJson('/events/heatmap', request, signal),

  traces:
    (range: TimeRange, options: { where?: string; limit?: number; cursor?: string }): Ask<TracesAnswer> =>
    (signal) =>
      getJson(pathWithQuery('/traces', { ...rangeQuery(range), ...options }), signal),

  trace:
    (traceId: string, options: { limit?: number; after?: string }): Ask<TraceAnswer> =>
    (signal) =>
      getJson(pathWithQuery(`/traces/${part(traceId)}`, options), signal),

  span:
    (traceId: string, spanId: string): Ask<SpanAnswer> =>
    (signal) =>
      getJson(`/traces/${part(traceId)}/spans/${part(spanId)}`, signal),

  fields:
    (range: TimeRange, prefix: string): Ask<FieldsAnswer> =>
    (signal) =>
      getJson(pathWithQuery('/fields', { ...rangeQuery(range), prefix, limit: 30 }), signal),

  fieldValues:
    (field: string, range: TimeRange, prefix: string): Ask<FieldValuesAnswer> =>
    (signal) =>
      getJson(
        pathWithQuery(`/fields/${part(field)}/values`, { ...rangeQuery(range), prefix, limit: 30 }),
        signal,
      ),

  parse:
    (where: string): Ask<PredicateParseAnswer> =>
    (signal) =>
      postJson('/predicate/parse', { where }, signal),

  ingestStatus:
    (range: TimeRange): Ask<IngestStatusAnswer> =>
    (signal) =>
      getJson(pathWithQuery('/ingest/status', rangeQuery(range)), signal),

  metrics:
    (range: TimeRange): Ask<MetricsAnswer> =>
    (signal) =>
      getJson(pathWithQuery('/metrics', rangeQuery(range)), signal),

  metricSeries:
    (metric: string, range: TimeRange): Ask<MetricSeriesAnswer> =>
    (signal) =>
      getJson(pathWithQuery(`/metrics/${part(metric)}/series`, rangeQuery(range)), signal),

  /** Several readings of one metric at once, in the order asked; the first refusal is the answer of all. */
  metricQueries:
    (requests: readonly MetricQueryRequest[]): Ask<readonly MetricQueryAnswer[]> =>
    async (signal) => {
      const results = await Promise.all(
        requests.map((request) => postJson<MetricQueryAnswer>('/metrics/query', request, signal)),
      )
      const answers: MetricQueryAnswer[] = []
      for (const result of results) {
        if (!result.ok) return result
        answers.push(result.value)
      }
      return { ok: true, value: answers }
    },
}
