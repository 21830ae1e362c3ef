import type { AnswerMeta } from './answer.ts'

/** GET /services?from&to : RED per service, from the rollup made before sampling */
export interface ServiceRed {
  readonly service: string
  /** Which spans were counted: entry spans (server, consumer), else all. */
  readonly basis: 'entry' | 'all'
  readonly requests: number
  readonly ratePerS: number
  readonly errors: number
  readonly errorRatio: number | null
  readonly p50Ns: number | null
  readonly p95Ns: number | null
  readonly p99Ns: number | null
  readonly rateSeries: readonly (number | null)[]
  readonly errorRatioSeries: readonly (number | null)[]
  /** Newest service.version seen, '' when unknown. */
  readonly version: string
}

export interface ServicesAnswer {
  readonly times: readonly number[]
  readonly stepMs: number
  readonly services: readonly ServiceRed[]
  readonly meta: AnswerMeta
}

/** GET /services/:service/operations?from&to */
export interface OperationRed {
  readonly name: string
  readonly kind: string
  readonly requests: number
  readonly ratePerS: number
  readonly errorRatio: number | null
  readonly p50Ns: number | null
  readonly p95Ns: number | null
  readonly p99Ns: number | null
}

export interface OperationsAnswer {
  readonly operations: readonly OperationRed[]
  readonly meta: AnswerMeta
}
