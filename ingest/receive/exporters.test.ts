import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { startToldIngest, type ToldIngest } from '../testing/start-told-ingest.ts'

const exporters: readonly {
  name: string
  encoding: string
  compression: string
  make(told: ToldIngest): SpanExporter
}[] = [
  {
    name: 'OTLP/HTTP protobuf with gzip',
    encoding: 'protobuf',
    compression: 'gzip',
    make: ({ url }) => new ProtoExporter({ url: `${url}/v1/traces`, compression: 'gzip' as never }),
  },
  {
    name: 'OTLP/HTTP JSON',
    encoding: 'json',
    compression: 'none',
    make: ({ url }) => new JsonExporter({ url: `${url}/v1/traces` }),
  },
  {
    name: 'OTLP/gRPC with gzip',
    encoding: 'protobuf',
    compression: 'none',
    make: ({ ingest }) =>
      new GrpcExporter({ url: `http://127.0.0.1:${ingest.grpcPort}`, compression: 'gzip' as never }),
  },
]

it.each(exporters)('the JS SDK exports over $name', async ({ make, encoding, compression }) => {
  await using told = await startToldIngest()
  const exporter = make(told)
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  provider.getTracer('shop').startSpan('checkout').end()
  await provider.forceFlush()
  await provider.shutdown()
  expect(told.pool.requests).toMatchObject([{ signal: 'traces', encoding, compression }])
  if (compression === 'none') {
    expect(Buffer.from(told.pool.requests[0]?.body ?? []).toString('latin1')).toContain('checkout')
  }
})
