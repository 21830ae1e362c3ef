import { bucketMiddleNs } from '@oriel/core'
import { percentileKey } from '../compile/log-bucket.ts'
import {
  compileOperations,
  compileServiceDurations,
  compileServiceSteps,
  compileServiceVersions,
} from '../compile/red.ts'
import { coveredSeconds, resolveSteps, type Steps } from '../compile/step.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { OperationsAnswer, ServiceRed, ServicesAnswer, TimeRange } from '../contract.ts'
import type { Inquiry } from './reader.ts'

const minuteMs = 60_000
const operationsMax = 500

interface StepRow {
  readonly service: string
  readonly is_entry: number
  readonly step_ms: number | string
  readonly requests: number
  readonly errors: number
}

interface BucketsRow {
  readonly service: string
  readonly is_entry: number
  readonly buckets: Readonly<Record<string, number>>
}

/** The rollup is by minute: the range is widened to whole minutes, and rates divide by what of it has passed. */
export async function listServices(inquiry: Inquiry, request: TimeRange): Promise<ServicesAnswer> {
  const range = wholeMinutes(inquiry.range(request))
  const steps = resolveSteps(range, 'auto', { stepsMax: inquiry.settings.stepsMax, unitMs: minuteMs })
  const rows = await inquiry.read<StepRow>(compileServiceSteps(range, steps.stepMs))
  const durations = await inquiry.read<BucketsRow>(compileServiceDurations(range))
  const versions = await inquiry.read<{ service: string; version: string }>(compileServiceVersions(range))
  const passed = passedRange(range, inquiry.nowMs)
  const services = [...new Set(rows.map((row) => row.service))].map((service) => {
    const own = rows.filter((row) => row.service === service)
    const isEntry = own.some((row) => Number(row.is_entry) === 1)
    const counted = own.filter((row) => !isEntry || Number(row.is_entry) === 1)
    const buckets = durations.filter(
      (row) => row.service === service && (!isEntry || Number(row.is_entry) === 1),
    )
    const version = versions.find((row) => row.service === service)?.version ?? ''
    return serviceRed({ service, basis: isEntry ? 'entry' : 'all', version, counted, buckets, steps, passed })
  })
  services.sort((a, b) => b.requests - a.requests || (a.service < b.service ? -1 : 1))
  return { times: steps.times, stepMs: steps.stepMs, services, meta: inquiry.meta() }
}

interface ServiceFacts {
  readonly service: string
  readonly basis: 'entry' | 'all'
  readonly version: string
  readonly counted: readonly StepRow[]
  readonly buckets: readonly BucketsRow[]
  readonly steps: Steps
  readonly passed: ResolvedRange
}

function serviceRed(facts: ServiceFacts): ServiceRed {
  const { steps, passed } = facts
  const requestsAt = steps.times.map(() => 0)
  const errorsAt = steps.times.map(() => 0)
  for (const row of facts.counted) {
    const index = Math.round((Number(row.step_ms) - (steps.times[0] ?? 0)) / steps.stepMs)
    requestsAt[index] = (requestsAt[index] ?? 0) + row.requests
    errorsAt[index] = (errorsAt[index] ?? 0) + row.errors
  }
  const requests = requestsAt.reduce((sum, value) => sum + value, 0)
  const errors = errorsAt.reduce((sum, value) => sum + value, 0)
  const seconds = (passed.toMs - passed.fromMs) / 1000
  return {
    service: facts.service,
    basis: facts.basis,
    requests,
    ratePerS: seconds > 0 ? requests / seconds : 0,
    errors,
    errorRatio: ratio(errors, requests),
    ...percentiles(facts.buckets.map((row) => row.buckets)),
    rateSeries: steps.times.map((startMs, index) => {
      const covered = coveredSeconds(startMs, steps.stepMs, passed)
      return covered > 0 ? (requestsAt[index] ?? 0) / covered : null
    }),
    errorRatioSeries: steps.times.map((_, index) => ratio(errorsAt[index] ?? 0, requestsAt[index] ?? 0)),
    version: facts.version,
  }
}

interface OperationRow {
  readonly name: string
  readonly kind_name: string
  readonly requests: number
  readonly errors: number
  readonly buckets: Readonly<Record<string, number>>
}

export async function listOperations(
  inquiry: Inquiry,
  request: TimeRange & { readonly service: string },
): Promise<OperationsAnswer> {
  const range = wholeMinutes(inquiry.range(request))
  const rows = await inquiry.read<OperationRow>(compileOperations(request.service, range, operationsMax + 1))
  const passed = passedRange(range, inquiry.nowMs)
  const seconds = (passed.toMs - passed.fromMs) / 1000
  if (rows.length > operationsMax) {
    inquiry.cut({
      what: 'operations with few requests',
      limit: `${operationsMax} operations`,
      advice: 'aggregate events by name for the rest',
    })
  }
  const operations = rows.slice(0, operationsMax).map((row) => ({
    name: row.name,
    kind: row.kind_name,
    requests: row.requests,
    ratePerS: seconds > 0 ? row.requests / seconds : 0,
    errorRatio: ratio(row.errors, row.requests),
    ...percentiles([row.buckets]),
  }))
  return { operations, meta: inquiry.meta() }
}

function wholeMinutes(range: ResolvedRange): ResolvedRange {
  return {
    fromMs: Math.floor(range.fromMs / minuteMs) * minuteMs,
    toMs: Math.ceil(range.toMs / minuteMs) * minuteMs,
  }
}

function passedRange(range: ResolvedRange, nowMs: number): ResolvedRange {
  return { fromMs: range.fromMs, toMs: Math.max(range.fromMs, Math.min(range.toMs, nowMs)) }
}

const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null)

function percentiles(maps: readonly Readonly<Record<string, number>>[]) {
  const buckets = new Map<number, number>()
  for (const [key, weight] of maps.flatMap((map) => Object.entries(map))) {
    buckets.set(Number(key), (buckets.get(Number(key)) ?? 0) + Number(weight))
  }
  const at = (p: number) => {
    const key = percentileKey(buckets, p)
    return key === undefined ? null : bucketMiddleNs(key)
  }
  return { p50Ns: at(0.5), p95Ns: at(0.95), p99Ns: at(0.99) }
}
