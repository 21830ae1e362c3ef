import { parseAttributes } from '../compile/attributes.ts'
import { compileMetrics, compileSeriesList } from '../compile/metrics.ts'
import type { MetricInfo, MetricSeriesAnswer, MetricsAnswer, TimeRange } from '../contract.ts'
import type { Inquiry } from './reader.ts'

const metricsMax = 2000

interface MetricRow {
  readonly metric: string
  readonly metric_type: MetricInfo['type']
  readonly metric_unit: string
  readonly metric_description: string
  readonly metric_temporality: MetricInfo['temporality']
  readonly metric_monotonic: boolean | number
  readonly series: string
}

export async function listMetrics(
  inquiry: Inquiry,
  request: TimeRange & { readonly prefix?: string | undefined },
): Promise<MetricsAnswer> {
  const rows = await inquiry.read<MetricRow>(
    compileMetrics(inquiry.range(request), request.prefix ?? '', metricsMax + 1),
  )
  if (rows.length > metricsMax) {
    inquiry.cut({
      what: 'metrics later in the alphabet',
      limit: `${metricsMax} metrics`,
      advice: 'give a prefix',
    })
  }
  const metrics = rows.slice(0, metricsMax).map((row) => ({
    metric: row.metric,
    type: row.metric_type,
    unit: row.metric_unit,
    description: row.metric_description,
    temporality: row.metric_temporality,
    monotonic: Boolean(row.metric_monotonic),
    series: Number(row.series),
  }))
  return { metrics, meta: inquiry.meta() }
}

export interface SeriesRow {
  readonly series: string
  readonly series_type: MetricInfo['type']
  readonly series_unit: string
  readonly series_temporality: MetricInfo['temporality']
  readonly series_monotonic: boolean | number
  readonly series_service: string
  readonly e_str: Readonly<Record<string, string>>
  readonly e_num: Readonly<Record<string, number | null>>
  readonly e_bool: Readonly<Record<string, boolean>>
}

export async function listSeries(
  inquiry: Inquiry,
  request: TimeRange & { readonly metric: string; readonly limit?: number | undefined },
): Promise<MetricSeriesAnswer> {
  const limit = Math.min(request.limit ?? 200, inquiry.settings.pageMax)
  const range = inquiry.range(request)
  const rows = await inquiry.read<SeriesRow>(
    compileSeriesList({ range, metric: request.metric, limit: limit + 1 }),
  )
  if (rows.length > limit) {
    inquiry.cut({
      what: 'further series',
      limit: `${limit} series`,
      advice: 'raise limit, up to query.pageMax',
    })
  }
  const series = rows.slice(0, limit).map((row) => ({
    seriesId: row.series,
    service: row.series_service,
    attributes: parseAttributes(row.e_str, row.e_num, row.e_bool),
  }))
  return { series, meta: inquiry.meta() }
}
