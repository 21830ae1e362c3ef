import http from 'node:http'
import { type Attributes, metrics, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { logs, SeverityNumber } from '@opentelemetry/api-logs'

const serviceName = process.env.OTEL_SERVICE_NAME ?? 'unknown'
const tracer = trace.getTracer('shop')
const logger = logs.getLogger('shop')
const requests = metrics.getMeter('shop').createCounter('shop.requests', { description: 'Requests answered' })
const durations = metrics.getMeter('shop').createHistogram('shop.request.duration', {
  description: 'Time to answer a request',
  unit: 'ms',
})

/** Answers with a status and a JSON body; thrown errors become 500. */
export type Route = (request: ShopRequest) => Promise<ShopAnswer>

export interface ShopRequest {
  readonly url: URL
  readonly body: Record<string, unknown>
}

export interface ShopAnswer {
  readonly status: number
  readonly body: unknown
}

/** Serves the routes (`METHOD /path`) on the port in SHOP_PORT and tells the parent when it listens. */
export function serve(routes: Readonly<Record<string, Route>>): void {
  const server = http.createServer((request, response) => {
    answer(routes, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
      (error: unknown) => {
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: String(error) }))
      },
    )
  })
  server.listen(Number(process.env.SHOP_PORT ?? 0), '127.0.0.1', () => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
  })
}

async function answer(
  routes: Readonly<Record<string, Route>>,
  request: http.IncomingMessage,
): Promise<ShopAnswer> {
  const startedMs = performance.now()
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const route = `${request.method} ${url.pathname}`
  const handler = routes[route]
  const span = trace.getActiveSpan()
  span?.updateName(route)
  span?.setAttribute('http.route', url.pathname)
  let status = 404
  try {
    if (handler === undefined) return { status, body: { error: `no route ${route}` } }
    const result = await handler({ url, body: await readBody(request) })
    status = result.status
    return result
  } catch (error) {
    status = 500
    span?.recordException(error as Error)
    span?.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
    log('error', `${route} failed: ${(error as Error).message}`, { 'http.route': url.pathname })
    throw error
  } finally {
    const attributes = { 'http.route': url.pathname, 'http.response.status_code': status }
    requests.add(1, attributes)
    durations.record(performance.now() - startedMs, attributes)
  }
}

async function readBody(request: http.IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
}

/** Calls another shop service over HTTP; a status of 500 and above throws. */
export async function call<T>(
  base: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const init: RequestInit = { method, headers: { 'content-type': 'application/json' } }
  if (body !== undefined) init.body = JSON.stringify(body)
  const response = await fetch(`${base}${path}`, init)
  const data = (await response.json()) as T & { error?: string }
  if (response.status >= 500) throw new Error(data.error ?? `${path} answered ${response.status}`)
  return data
}

/** A span of our own inside the request, for work that is not a call. */
export async function step<T>(
  name: string,
  attributes: Attributes,
  run: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await run(span)
    } catch (error) {
      span.recordException(error as Error)
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
      throw error
    } finally {
      span.end()
    }
  })
}

const severities = { info: SeverityNumber.INFO, warn: SeverityNumber.WARN, error: SeverityNumber.ERROR }

export function log(level: keyof typeof severities, body: string, attributes: Attributes = {}): void {
  logger.emit({
    severityNumber: severities[level],
    severityText: level.toUpperCase(),
    body,
    attributes: { 'shop.service': serviceName, ...attributes },
  })
}

export const pause = (durationMs: number) => new Promise<void>((resolve) => setTimeout(resolve, durationMs))

/** A log-normal wait around a median, as real services have. */
export const work = (medianMs: number) => pause(medianMs * Math.exp(0.45 * gaussian()))

function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}

export function pick<T>(items: readonly [T, ...T[]]): T {
  return items[Math.floor(Math.random() * items.length)] ?? items[0]
}
