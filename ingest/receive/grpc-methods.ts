import type { MethodDefinition } from '@grpc/grpc-js'
import type { IngestSignal } from '../decode/decode-pool.ts'

/** Full method names of the collector services; see opentelemetry/proto/collector. */
export const exportPaths = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
} as const satisfies Partial<Record<IngestSignal, string>>

export type GrpcSignal = keyof typeof exportPaths

/** Messages pass through as bytes: the decode workers read them, nobody else. */
export function exportMethod(signal: GrpcSignal): MethodDefinition<Buffer, Buffer> {
  const asIs = (bytes: Buffer) => bytes
  return {
    path: exportPaths[signal],
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  }
}
