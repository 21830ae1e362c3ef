import type { AnswerMeta, EventRow, ServiceRed, TraceAnswer, TraceSpan } from '@oriel/query/contract'

/** Invented but repeatable data in the shape of the contract. Times hang on `nowMs`, everything else on the index. */
export const services = ['gateway', 'checkout', 'payment', 'cart', 'catalogue', 'mailer'] as const
const regions = ['eu-south', 'eu-west', 'us-east'] as const

export const chance = (seed: number): number => {
  const x = Math.sin(seed * 12.9898) * 43758.5453
  return x - Math.floor(x)
}
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
export const traceIdOf = (at: number): string => hex(0xabc00000 + at, 32)
export const bigTraceId = 'b16'.padEnd(32, '0')

export function meta(nowMs: number, more: Partial<AnswerMeta> = {}): AnswerMeta {
  return {
    requestId: 'req-5f1c0a7e',
    elapsedMs: 12.4,
    rowsRead: 310_412,
    bytesRead: 84_000_000,
    completeThroughMs: nowMs - 900,
    sampling: 'none',
    cuts: [],
    ...more,
  }
}

export function eventAt(at: number, nowMs: number): EventRow {
  const isLog = at % 5 === 4
  const bad = chance(at) < 0.12
  const service = services[at % services.length] ?? 'gateway'
  return {
    id: `b1:${at}`,
    signal: isLog ? 'log' : 'span',
    timeNs: `${BigInt(Math.floor(nowMs - 2000 - at * 731)) * 1_000_000n + BigInt(at)}`,
    ingestTimeMs: nowMs - 1000,
    service,
    name: isLog ? 'order failed' : `POST /${service}`,
    kind: isLog ? '' : 'server',
    status: bad ? 'error' : 'unset',
    statusMessage: bad ? 'provider timed out' : '',
    durationNs: isLog ? '0' : String(Math.floor(1e6 * (1 + chance(at + 1) * 400))),
    traceId: traceIdOf(at),
    spanId: hex(at + 1, 16),
    parentSpanId: '',
    severity: isLog ? (bad ? 17 : 9) : 0,
    severityText: isLog ? (bad ? 'ERROR' : 'INFO') : '',
    body: isLog ? 'could not authorise payment: connection reset by api.nordpay.example after 1.9 s' : '',
    exceptionType: bad ? 'TimeoutError' : '',
    exceptionMessage: '',
    weight: 1,
    attributes: {
      'http.request.method': 'POST',
      'http.response.status_code': bad ? 504 : 200,
      'payment.region': regions[at % 3] ?? '',
      'payment.provider': 'nordpay',
      'retry.count': at % 3,
      'customer.tier': 'gold',
    },
  }
}

export function serviceAt(at: number): ServiceRed {
  const bad = at === 1 || at === 2
  const unknown = at === 5
  const series = (scale: number, from: number): (number | null)[] =>
    Array.from({ length: 40 }, (_, i) =>
      unknown && i > 20 ? null : scale * (0.4 + chance(from + i) * 0.3 + (bad && i > 28 ? 0.3 : 0)),
    )
  const rate = [1240, 86.3, 85.9, 412, 1020, 11.2][at] ?? 1
  return {
    service: services[at] ?? '',
    basis: unknown ? 'all' : 'entry',
    requests: Math.round(rate * 3600),
    ratePerS: rate,
    errors: bad ? Math.round(rate * 137) : 0,
    errorRatio: unknown ? null : bad ? 0.0381 : 0.0002,
    p50Ns: unknown ? null : 4_210_000 * (at + 1),
    p95Ns: unknown ? null : 98_000_000 * (at + 1),
    p99Ns: unknown ? null : 402_000_000 * (at + 1),
    rateSeries: series(rate, at * 100),
    errorRatioSeries: series(bad ? 0.05 : 0.0003, at * 100 + 50),
    version: unknown ? '' : bad ? '2.14.0' : '2.13.2',
  }
}

type Plan = readonly [
  id: number,
  parent: number,
  service: string,
  name: string,
  startMs: number,
  endMs: number,
  bad?: boolean,
]
const plan: readonly Plan[] = [
  [1, 0, 'gateway', 'POST /orders', 0, 2410],
  [2, 1, 'gateway', 'auth.verify', 3, 22],
  [3, 1, 'checkout', 'POST /checkout', 28, 2370],
  [4, 3, 'cart', 'GET /cart/{id}', 31, 44],
  [6, 3, 'checkout', 'reserve stock', 140, 212],
  [7, 3, 'payment', 'POST /charge', 220, 2330, true],
  [8, 7, 'payment', 'provider.connect', 228, 410],
  [9, 7, 'payment', 'provider.authorise', 415, 2310, true],
  [10, 99, 'mailer', 'send receipt', 2335, 2360],
  [11, 3, 'checkout', 'db insert orders', 2338, 2368],
]

function span(row: Plan, startNs: bigint): TraceSpan {
  const [id, parent, service, name, startMs, endMs, bad] = row
  const timeNs = startNs + BigInt(Math.round(startMs * 1e6))
  return {
    id: `b1:${id}`,
    spanId: hex(id, 16),
    parentSpanId: parent === 0 ? '' : hex(parent, 16),
    service,
    name,
    kind: 'server',
    status: bad ? 'error' : 'unset',
    timeNs: String(timeNs),
    durationNs: String(Math.round((endMs - startMs) * 1e6)),
    eventTimesNs: id === 9 ? [String(timeNs + 900_000_000n), String(timeNs + 1_850_000_000n)] : [],
    weight: 1,
  }
}

/** The shop's order trace; for `bigTraceId` one of 100,000 spans, in windows. */
export function traceOf(
  traceId: string,
  nowMs: number,
  page: { readonly limit: number; readonly after: number },
): TraceAnswer {
  const startNs = BigInt(nowMs - 60_000) * 1_000_000n
  const items: Plan[] = Array.from({ length: 42 }, (_, at) => [
    100 + at,
    3,
    'catalogue',
    'GET /items/{id}',
    48 + at * 2,
    51 + at * 2 + chance(at) * 20,
  ])
  const large: Plan[] = Array.from({ length: 100_000 }, (_, at) => [
    at + 1,
    at === 0 ? 0 : Math.floor((at + 3) / 4),
    services[at % 6] ?? '',
    `step ${at % 97}`,
    at * 0.02,
    at === 0 ? 2410 : at * 0.02 + 5,
    at % 9001 === 9000,
  ])
  const all = traceId === bigTraceId ? large : [...plan, ...items]
  const shown = all.slice(page.after, page.after + page.limit)
  const next = page.after + page.limit
  return {
    traceId,
    startNs: String(startNs),
    endNs: String(startNs + 2_410_000_000n),
    spanCount: all.length,
    errorCount: all.filter((row) => row[6]).length,
    logCount: 1,
    services: [...services],
    spans: shown.map((row) => span(row, startNs)),
    logs: [{ ...eventAt(4, nowMs), traceId, spanId: hex(9, 16), timeNs: String(startNs + 2_300_000_000n) }],
    ...(next < all.length ? { nextAfter: String(next) } : {}),
    duplicateSpans: 0,
    meta: meta(nowMs),
  }
}
