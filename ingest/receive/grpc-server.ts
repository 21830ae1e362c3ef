import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js'
import type { Clock, Component, Logger } from '@oriel/core'
import type { Admission } from '../admit/admission.ts'
import type { IngestSettings } from '../config.ts'
import { statusBytes, toErrorStatus } from './error-status.ts'
import { exportResponse } from './export-response.ts'
import { exportMethod, exportPaths, type GrpcSignal } from './grpc-methods.ts'

export interface GrpcServerOptions {
  readonly settings: IngestSettings
  readonly clock: Clock
  readonly logger: Logger
  readonly admission: Admission
}

const keepaliveTimeMs = 60_000
const keepaliveTimeoutMs = 20_000

/**
 * OTLP/gRPC. grpc-js itself answers unknown methods and encodings (UNIMPLEMENTED), messages over the limit
 * (RESOURCE_EXHAUSTED without RetryInfo) and broken gzip (INTERNAL). A browser cannot speak cleartext HTTP/2, so there
 * is no Host or Origin to check.
 */
export class GrpcServer implements Component {
  readonly name = 'otlp-grpc'
  readonly #options: GrpcServerOptions
  readonly #server: Server
  readonly #handling = new Set<Promise<void>>()
  #port = 0

  constructor(options: GrpcServerOptions) {
    this.#options = options
    const { settings } = options
    this.#server = new Server({
      'grpc.max_receive_message_length': settings.grpcMessageBytesMax,
      'grpc.max_concurrent_streams': settings.grpcStreamsMax,
      'grpc.max_connection_idle_ms': settings.idleTimeoutMs,
      'grpc.keepalive_time_ms': keepaliveTimeMs,
      'grpc.keepalive_timeout_ms': keepaliveTimeoutMs,
    })
    for (const signal of Object.keys(exportPaths) as GrpcSignal[]) {
      const take = (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
        const handled = this.#take(signal, call, callback).finally(() => this.#handling.delete(handled))
        this.#handling.add(handled)
      }
      this.#server.addService({ export: exportMethod(signal) }, { export: take })
    }
  }

  /** Known after start: with port 0 it is the one the system chose. */
  get port(): number {
    return this.#port
  }

  start(): Promise<void> {
    const { host, grpcPort } = this.#options.settings
    const address = `${host.includes(':') ? `[${host}]` : host}:${grpcPort}`
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        if (error !== null) {
          reject(error)
          return
        }
        this.#port = port
        resolve()
      })
    })
  }

  /** Answers what was begun; connections that are not done after the grace are cut, unanswered. */
  async stop(): Promise<void> {
    const { clock, settings } = this.#options
    const cancel = clock.after(settings.stopGraceMs, () => this.#server.forceShutdown())
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()))
    cancel()
    await Promise.all(this.#handling)
  }

  async #take(
    signal: GrpcSignal,
    call: ServerUnaryCall<Buffer, Buffer>,
    callback: sendUnaryData<Buffer>,
  ): Promise<void> {
    const { admission } = this.#options
    let tenant = ''
    try {
      tenant = await admission.tenantOf(authorizationOf(call.metadata))
      const reservation = admission.reserve(call.request.byteLength, 'none')
      try {
        const { outcome } = await admission.submit({
          tenant,
          signal,
          encoding: 'protobuf',
          compression: 'none',
          // a copy: what grpc-js hands over is a part of a larger buffer, which cannot be transferred
          body: new Uint8Array(call.request),
          path: exportPaths[signal],
          mediaType: 'application/grpc',
        })
        callback(null, exportResponse(signal, 'protobuf', outcome))
      } finally {
        reservation.release()
      }
    } catch (error) {
      admission.refused({ tenant, signal, error, bytes: call.request.byteLength })
      callback(this.#statusOf(error))
    }
  }

  #statusOf(error: unknown) {
    const { settings, logger } = this.#options
    const status = toErrorStatus(error, settings.retryAfterMs)
    if (status.http === 500) logger.error('call failed', { error: String(error) })
    const metadata = new Metadata()
    metadata.set('grpc-status-details-bin', statusBytes(status, 'protobuf'))
    return { code: status.grpc, details: status.message, metadata }
  }
}

function authorizationOf(metadata: Metadata): string | undefined {
  const value = metadata.get('authorization')[0]
  return value === undefined ? undefined : String(value)
}
