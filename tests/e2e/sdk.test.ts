import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type {
  IngestStatusAnswer,
  MetricQueryAnswer,
  MetricsAnswer,
  SearchAnswer,
  ServicesAnswer,
  SpanAnswer,
  TraceAnswer,
} from '@oriel/query/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Shop } from '../../deploy/demo/shop.ts'
import { eventually } from '../harness/eventually.ts'
import { OrielProcess } from '../harness/oriel-process.ts'
import { order, orderUntilOneFails } from '../harness/shop-orders.ts'

const services = ['cart', 'catalogue', 'checkout', 'gateway', 'payment']
/** The promise is two seconds; a loaded test machine gets more. */
const visibleWithinMs = 5000

let dataDir: string
let oriel: OrielProcess
let sent: { orders: number; failed: number }

const range = () => ({ from: Date.now() - 3_600_000, to: Date.now() + 60_000 })
const rangeQuery = () => `from=${range().from}&to=${range().to}`
const search = (where: string) => oriel.api<SearchAnswer>('/events/search', { ...range(), where, limit: 100 })
const found = (where: string) =>
  eventually(
    () => search(where),
    ({ events }) => events.length > 0,
    visibleWithinMs,
  )
const readTrace = (traceId: string) => oriel.api<TraceAnswer>(`/traces/${traceId}`)
const ingestStatus = () => oriel.api<IngestStatusAnswer>(`/ingest/status?${rangeQuery()}`)

async function postEvent(event: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${oriel.otlpUrl}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  })
  expect(response.status, await response.text()).toBe(200)
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'oriel-sdk-'))
  oriel = await OrielProcess.start({ dataDir })
  const shop = new Shop(oriel.otlpUrl)
  await shop.start()
  const shopper = { customer: 'regular', region: 'us-east' }
  expect(await order(shop.gatewayUrl, shopper)).toBe(201)
  sent = await orderUntilOneFails(shop.gatewayUrl)
  // the services send what they still hold before they end: from here on the data is still
  await shop.stop()
  await eventually(ingestStatus, isReconciled)
})

afterAll(async () => {
  await oriel?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

describe('what the shop sent with the OpenTelemetry SDK', () => {
  it('is five services with rate, errors and duration', async () => {
    const answer = await oriel.api<ServicesAnswer>(`/services?${rangeQuery()}`)
    const payment = answer.services.find(({ service }) => service === 'payment')
    // Oriel, which watches itself with itself, is a service like others
    const others = answer.services.map(({ service }) => service).filter((name) => name !== 'oriel')
    expect(others.sort()).toEqual(services)
    expect(payment).toMatchObject({
      basis: 'entry',
      version: '2.13.2',
      requests: sent.orders + 1,
      errors: sent.failed,
    })
    expect(payment?.p99Ns ?? 0).toBeGreaterThan(10e6)
    expect(answer.meta.cuts).toEqual([])
  })

  it('holds a failing order, found by a predicate and whole from gateway to payment', async () => {
    const { events } = await found('service = "payment" and error = true and name = "provider.authorise"')
    const traceId = events[0]?.traceId ?? ''
    const trace = await readTrace(traceId)
    const byId = new Map(trace.spans.map((span) => [span.spanId, span]))
    const failed = trace.spans.find(({ spanId }) => spanId === events[0]?.spanId)
    const path: string[] = []
    for (let span = failed; span !== undefined; span = byId.get(span.parentSpanId)) path.unshift(span.service)
    expect(path).toEqual(['gateway', 'gateway', 'checkout', 'checkout', 'payment', 'payment'])
    const roots = trace.spans.filter((span) => !byId.has(span.parentSpanId))
    expect(roots).toMatchObject([
      { service: 'gateway', name: 'POST /orders', status: 'error', parentSpanId: '' },
    ])
    expect(trace).toMatchObject({ spanCount: trace.spans.length, duplicateSpans: 0 })
    expect(trace.errorCount).toBe(trace.spans.filter(({ status }) => status === 'error').length)
    expect([...trace.services].sort()).toEqual(['cart', 'catalogue', 'checkout', 'gateway', 'payment'])
  })

  it('keeps the attributes, resource and exception of the span that failed', async () => {
    const { events } = await found('name = "provider.authorise" and error = true')
    const { span } = await oriel.api<SpanAnswer>(`/traces/${events[0]?.traceId}/spans/${events[0]?.spanId}`)
    expect(span).toMatchObject({
      statusMessage: expect.stringContaining('timed out'),
      exceptionMessage: 'payment provider nordpay timed out',
      attributes: {
        'payment.region': 'eu-south',
        'http.response.status_code': 504,
        'error.type': 'timeout',
      },
      resource: { 'service.version': '2.13.2', 'deployment.environment.name': 'demo' },
      scopeName: 'shop',
    })
    expect(span.events.map(({ name }) => name)).toEqual(['exception'])
  })

  it('attaches the logs to their trace', async () => {
    const { events } = await found('name = "provider.authorise" and error = true')
    const trace = await readTrace(events[0]?.traceId ?? '')
    const timedOut = trace.logs.find(({ body }) => body === 'nordpay timed out for eu-south')
    expect(timedOut).toMatchObject({
      signal: 'log',
      service: 'payment',
      severityText: 'ERROR',
      spanId: events[0]?.spanId,
    })
    expect(trace.logCount).toBe(trace.logs.length)
  })

  it('counts requests as a metric by route', async () => {
    const { metrics } = await oriel.api<MetricsAnswer>(`/metrics?${rangeQuery()}`)
    expect(metrics.find(({ metric }) => metric === 'shop.requests')).toMatchObject({
      type: 'sum',
      temporality: 'cumulative',
      monotonic: true,
    })
    expect(metrics.find(({ metric }) => metric === 'shop.request.duration')).toMatchObject({
      type: 'histogram',
      unit: 'ms',
    })
    const ask = { ...range(), metric: 'shop.requests', groupBy: ['http.route'] }
    const answer = await oriel.api<MetricQueryAnswer>('/metrics/query', { ...ask, op: 'rate' })
    const charges = answer.groups.find(({ key }) => key[0] === '/charge')
    expect(charges?.values.some((value) => value !== null && value > 0)).toBe(true)
  })
})

describe('other doors', () => {
  it('shows a wide event within seconds of its answer', async () => {
    const job = randomUUID()
    await postEvent({
      service: 'nightly',
      name: 'report',
      job,
      duration_ms: 12.5,
      cart: { items: 3, total: 19.5 },
    })
    const { events } = await found(`job = "${job}" and cart.items = 3`)
    expect(events).toMatchObject([
      {
        signal: 'event',
        service: 'nightly',
        name: 'report',
        durationNs: '12500000',
        attributes: { 'cart.total': 19.5 },
      },
    ])
  })

  it('takes spans over gRPC', async () => {
    const exporter = new GrpcExporter({ url: `http://127.0.0.1:${oriel.grpcPort}` })
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    const job = randomUUID()
    provider.getTracer('e2e').startSpan('over grpc', { attributes: { job } }).end()
    await provider.forceFlush()
    await provider.shutdown()
    const { events } = await found(`job = "${job}"`)
    expect(events).toMatchObject([{ signal: 'span', name: 'over grpc' }])
  })

  it('finds our own wide event of a request by its x-request-id', async () => {
    const response = await fetch(`${oriel.apiUrl}/api/v1/services?${rangeQuery()}`)
    await response.arrayBuffer()
    const requestId = response.headers.get('x-request-id') ?? ''
    expect(requestId).not.toBe('')
    const { events } = await found(`request_id = "${requestId}"`)
    expect(events).toMatchObject([
      {
        service: 'oriel',
        name: 'GET /api/v1/services',
        attributes: { 'http.response.status_code': 200 },
      },
    ])
  })

  it('refuses a broken predicate with its position', async () => {
    const response = await fetch(`${oriel.apiUrl}/api/v1/events/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...range(), where: 'service = = "payment"' }),
    })
    expect(response.status).toBe(400)
    const answer = (await response.json()) as { error: unknown }
    expect(answer.error).toMatchObject({ position: { start: 10, end: 11 } })
  })
})

describe('what was acknowledged', () => {
  it('equals what is stored, once the journal is empty', async () => {
    const status = await eventually(ingestStatus, isReconciled)
    expect(status.stored.event).toBeGreaterThan(2)
    expect(status.stored.span).toBeGreaterThan(50)
    expect(status.stored.log).toBeGreaterThan(10)
    expect(status.stored.metric).toBeGreaterThan(10)
    expect(status.journal.deadLetters).toBe(0)
    expect(status.minutes.filter(({ outcome }) => outcome !== 'accepted')).toEqual([])
  })

  it('is all there after a restart', async () => {
    const before = await eventually(ingestStatus, isReconciled)
    expect(await oriel.stop()).toBe(0)
    oriel = await OrielProcess.start({ dataDir })
    const after = await ingestStatus()
    const { span, log, metric } = before.stored
    expect(after.stored).toMatchObject({ span, log, metric })
    const { events } = await search('service = "payment" and error = true')
    expect(events.length).toBeGreaterThan(0)
  })

  it('survives kill -9 right after its answer', async () => {
    const job = randomUUID()
    await postEvent({ service: 'nightly', name: 'last words', job })
    await oriel.stop('SIGKILL')
    oriel = await OrielProcess.start({ dataDir })
    const { events } = await eventually(
      () => search(`job = "${job}"`),
      (answer) => answer.events.length > 0,
    )
    expect(events).toHaveLength(1)
    await eventually(ingestStatus, isReconciled)
  })
})

/** Our own events of asking come in all the time, so the ledger and the store are compared within one answer. */
function isReconciled({ minutes, stored, journal }: IngestStatusAnswer): boolean {
  const accepted = { span: 0, log: 0, event: 0, metric: 0 }
  for (const { outcome, signal, items } of minutes) if (outcome === 'accepted') accepted[signal] += items
  const signals = ['span', 'log', 'event', 'metric'] as const
  return journal.rows === 0 && signals.every((signal) => accepted[signal] === stored[signal])
}
