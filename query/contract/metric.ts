import type { AnswerMeta, TimeRange } from './answer.ts'
import type { AttributeValue } from './event.ts'

/** GET /metrics?from&to&prefix */
export interface MetricInfo {
  readonly metric: string
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponential_histogram' | 'summary'
  readonly unit: string
  readonly description: string
  readonly temporality: 'unspecified' | 'delta' | 'cumulative'
  readonly monotonic: boolean
  readonly series: number
}

export interface MetricsAnswer {
  readonly metrics: readonly MetricInfo[]
  readonly meta: AnswerMeta
}

/** GET /metrics/:metric/series?from&to&limit */
export interface MetricSeriesAnswer {
  readonly series: readonly {
    readonly seriesId: string
    readonly service: string
    readonly attributes: Readonly<Record<string, AttributeValue>>
  }[]
  readonly meta: AnswerMeta
}

/** POST /metrics/query */
export interface MetricQueryRequest extends TimeRange {
  readonly metric: string
  readonly op: 'rate' | 'increase' | 'sum' | 'avg' | 'min' | 'max' | 'last' | 'percentile'
  readonly p?: number
  readonly groupBy?: readonly string[]
  readonly where?: string
  readonly stepMs?: number | 'auto'
  readonly top?: number
}

export interface MetricQueryAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly unit: string
  readonly groups: readonly {
    readonly key: readonly (AttributeValue | null)[]
    readonly values: readonly (number | null)[]
  }[]
  readonly exemplars: readonly {
    readonly timeNs: string
    readonly value: number
    readonly traceId: string
    readonly spanId: string
  }[]
  readonly meta: AnswerMeta
}
