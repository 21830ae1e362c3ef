import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock, Component, Logger } from '@oriel/core'
import type { Admission } from '../admit/admission.ts'
import type { BrowserGuard } from '../admit/browser-guard.ts'
import type { IngestSettings } from '../config.ts'
import { statusBytes } from './error-status.ts'
import { HttpHandler } from './http-handler.ts'
import { RequestIds } from './request-ids.ts'

export interface HttpServerOptions {
  readonly settings: IngestSettings
  readonly clock: Clock
  readonly logger: Logger
  readonly admission: Admission
  readonly browsers: BrowserGuard
}

const headerBytesMax = 16 * 1024

/** OTLP/HTTP and wide events. Plain node:http: at 400 KB a body every layer above it would show in the profile. */
export class HttpServer implements Component {
  readonly name = 'otlp-http'
  readonly #options: HttpServerOptions
  readonly #server: Server
  /** Requests not yet answered, per connection: a protocol error must not be taken for their answer. */
  readonly #open = new WeakMap<Duplex, number>()
  readonly #handling = new Set<Promise<void>>()
  #connectionsDropped = 0

  constructor(options: HttpServerOptions) {
    this.#options = options
    const { settings, clock, logger, admission, browsers } = options
    const handler = new HttpHandler({
      settings,
      clock,
      logger,
      admission,
      browsers,
      requestIds: new RequestIds(),
    })
    const take = (request: IncomingMessage, response: ServerResponse) => {
      const handled = handler.handle(request, response)
      this.#track(request, handled)
    }
    this.#server = createServer(
      {
        headersTimeout: settings.headersTimeoutMs,
        requestTimeout: settings.requestTimeoutMs,
        keepAliveTimeout: settings.idleTimeoutMs,
        connectionsCheckingInterval: Math.min(5000, Math.ceil(settings.headersTimeoutMs / 2)),
        maxHeaderSize: headerBytesMax,
        noDelay: true,
      },
      take,
    )
    this.#server.on('checkContinue', take)
    this.#server.on('clientError', (error, socket) => this.#answerProtocolError(error, socket))
    this.#server.on('drop', () => {
      this.#connectionsDropped += 1
    })
    this.#server.maxConnections = settings.connectionsMax
    // a sender that closes its half after the request still gets its answer
    Object.assign(this.#server, { httpAllowHalfOpen: true })
  }

  /** Connections refused because ingest.connectionsMax were open. */
  get connectionsDropped(): number {
    return this.#connectionsDropped
  }

  /** Known after start: with port 0 it is the one the system chose. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  start(): Promise<void> {
    const { host, httpPort } = this.#options.settings
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port: httpPort }, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  /** Answers what was begun, refuses what is new; connections still sending after the grace are cut, unanswered. */
  async stop(): Promise<void> {
    const { clock, settings } = this.#options
    if (!this.#server.listening) return
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    const cancel = clock.after(settings.stopGraceMs, () => this.#server.closeAllConnections())
    await Promise.all(this.#handling)
    this.#server.closeIdleConnections()
    await closed
    cancel()
  }

  #track({ socket }: IncomingMessage, handled: Promise<void>): void {
    this.#open.set(socket, (this.#open.get(socket) ?? 0) + 1)
    const done = handled.finally(() => {
      this.#open.set(socket, (this.#open.get(socket) ?? 1) - 1)
      this.#handling.delete(done)
    })
    this.#handling.add(done)
  }

  #answerProtocolError(error: NodeJS.ErrnoException, socket: Duplex): void {
    const { status, message } = protocolErrors[error.code ?? ''] ?? malformedHttp
    const unanswered = this.#open.get(socket) ?? 0
    const mayAnswer = unanswered === 0 || (unanswered === 1 && status.startsWith('408'))
    if (!mayAnswer || !socket.writable) {
      socket.destroy()
      return
    }
    const fields = { http: 400, grpc: 3, message, retryDelayMs: undefined, violation: undefined }
    const body = statusBytes(fields, 'json')
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.byteLength}\r\nconnection: close\r\n\r\n`
    socket.end(Buffer.concat([Buffer.from(head), body]), () => socket.destroy())
  }
}

const malformedHttp = { status: '400 Bad Request', message: 'the request is not valid HTTP/1.1' }
const protocolErrors: Readonly<Record<string, typeof malformedHttp>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: `headers exceed ${headerBytesMax} bytes`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    message: 'the request did not arrive in time (ingest.headersTimeoutMs, ingest.requestTimeoutMs)',
  },
}
