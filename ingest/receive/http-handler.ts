import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, type Logger, OrielError } from '@oriel/core'
import type { Admission } from '../admit/admission.ts'
import type { BrowserGuard } from '../admit/browser-guard.ts'
import type { Reservation } from '../admit/memory-budget.ts'
import type { IngestSettings } from '../config.ts'
import type { IngestSignal } from '../decode/decode-pool.ts'
import { sendAnswer } from './answer.ts'
import { allowedMethods, originHeaders, preflightHeaders } from './cross-origin.ts'
import { retryAfterSeconds, statusBytes, toErrorStatus } from './error-status.ts'
import { exportResponse } from './export-response.ts'
import { announcedLength, bodyTooLarge, readBody, SenderGone } from './read-body.ts'
import { answerEncoding, bodyCompression, bodyEncoding, contentTypes, mediaType } from './request-encoding.ts'
import type { RequestIds } from './request-ids.ts'

export interface HttpHandlerOptions {
  readonly settings: Pick<IngestSettings, 'bodyBytesMax' | 'retryAfterMs'>
  readonly clock: Clock
  readonly logger: Logger
  readonly admission: Admission
  readonly browsers: BrowserGuard
  readonly requestIds: RequestIds
}

/** What became known of a request while it was checked; kept outside so that an error can be answered and counted with it. */
interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly clock: Clock
  readonly id: string
  origin: string | undefined
  signal: IngestSignal | undefined
  tenant: string
}

const signals: Readonly<Record<string, IngestSignal>> = {
  '/v1/traces': 'traces',
  '/v1/metrics': 'metrics',
  '/v1/logs': 'logs',
  '/v1/events': 'events',
}

const nothing = new Uint8Array(0)

/** Takes one request through checks, body, admission and decoding to its answer. Never rejects. */
export class HttpHandler {
  readonly #options: HttpHandlerOptions

  constructor(options: HttpHandlerOptions) {
    this.#options = options
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, requestIds } = this.#options
    const id = requestIds.next()
    const exchange: Exchange = {
      request,
      response,
      clock,
      id,
      origin: undefined,
      signal: undefined,
      tenant: '',
    }
    try {
      await this.#take(exchange)
    } catch (error) {
      if (!(error instanceof SenderGone)) this.#refuse(exchange, error)
    }
  }

  async #take(exchange: Exchange): Promise<void> {
    const { browsers, admission } = this.#options
    const { request } = exchange
    exchange.origin = browsers.check(request.headers.host, request.headers.origin)
    const path = pathOf(request.url)
    exchange.signal = Object.hasOwn(signals, path) ? signals[path] : undefined
    const { signal } = exchange
    if (signal === undefined) throw new OrielError('not_found', `no such path: ${path.slice(0, 200)}`)
    if (request.method === 'OPTIONS') {
      this.#send(exchange, 204, nothing)
      return
    }
    if (request.method !== 'POST') {
      throw new OrielError('method_not_allowed', `${path} takes POST, not ${request.method}`)
    }
    const { encoding, compression } = encodingsOf(signal, request)
    exchange.tenant = await admission.tenantOf(request.headers.authorization)
    const { bodyBytesMax } = this.#options.settings
    const length = announcedLength(request)
    if (length !== undefined && length > bodyBytesMax) throw bodyTooLarge(bodyBytesMax, `${length} bytes`)
    const reservation = admission.reserve(length ?? 0, compression)
    try {
      const body = await this.#read(exchange, reservation)
      const { tenant } = exchange
      const incoming = { tenant, signal, encoding, compression, body, path }
      const media = mediaType(request.headers['content-type'])
      const { outcome, resent } = await admission.submit({ ...incoming, mediaType: media })
      const answer = exportResponse(signal, encoding, outcome)
      this.#send(exchange, 200, answer, resent ? { 'oriel-resent': 'true' } : {})
    } finally {
      reservation.release()
    }
  }

  #read({ request, response }: Exchange, reservation: Reservation): Promise<Uint8Array<ArrayBuffer>> {
    if (request.headers.expect !== undefined) response.writeContinue()
    const gzip = bodyCompression(request.headers['content-encoding']) === 'gzip'
    const { bodyBytesMax: bytesMax } = this.#options.settings
    return readBody(request, {
      bytesMax,
      grow: (bytes) => this.#options.admission.growReservation(reservation, bytes, gzip ? 'gzip' : 'none'),
    })
  }

  #send(exchange: Exchange, status: number, body: Uint8Array, more: Record<string, string> = {}): void {
    const { request, origin, id } = exchange
    const preflight = status === 204
    const headers = {
      ...(preflight
        ? preflightHeaders(origin)
        : { 'content-type': contentTypes[answerEncoding(request.headers['content-type'])] }),
      ...(preflight ? {} : originHeaders(origin)),
      'x-request-id': id,
      // a stopping process answers what it has and takes nothing more on this connection
      ...(this.#options.admission.closed ? { connection: 'close' } : {}),
      ...more,
    }
    sendAnswer(exchange, { status, headers, body })
  }

  #refuse(exchange: Exchange, error: unknown): void {
    const { admission, logger, settings } = this.#options
    const { request, signal, tenant, id } = exchange
    const status = toErrorStatus(error, settings.retryAfterMs)
    if (status.http === 500) logger.error('request failed', { requestId: id, signal, error: String(error) })
    if (signal !== undefined) {
      const bytes = announcedLength(request) ?? 0
      admission.refused({ tenant, signal, error, bytes: Number.isSafeInteger(bytes) ? bytes : 0 })
    }
    const body = statusBytes(status, answerEncoding(request.headers['content-type']))
    this.#send(exchange, status.http, body, {
      ...(status.retryDelayMs === undefined
        ? {}
        : { 'retry-after': String(retryAfterSeconds(status.retryDelayMs)) }),
      ...(status.http === 405 ? { allow: allowedMethods } : {}),
      ...(status.http === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    })
  }
}

function pathOf(url: string | undefined): string {
  return (url ?? '').split('?', 1)[0] ?? ''
}

function encodingsOf(signal: IngestSignal, request: IncomingMessage) {
  const type = request.headers['content-type']
  const encoding = bodyEncoding(signal, type)
  if (encoding === undefined) {
    const expected =
      signal === 'events'
        ? 'application/json or application/x-ndjson'
        : 'application/x-protobuf or application/json'
    const found = type === undefined ? 'missing' : `"${type.slice(0, 200)}"`
    throw new OrielError('unsupported_media_type', `content-type is ${found}, expected ${expected}`)
  }
  const coding = request.headers['content-encoding']
  const compression = bodyCompression(coding)
  if (compression === undefined) {
    throw new OrielError(
      'unsupported_encoding',
      `content-encoding is "${coding?.slice(0, 200)}", expected gzip or none`,
    )
  }
  return { encoding, compression }
}
