import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { AggregationType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import { ByteBuffer } from '../../encode/byte-buffer.ts'
import { TableSet } from '../../encode/tables/table-set.ts'
import { type Decode, defaultDecodeLimits } from '../decode-context.ts'
import { decodeLogs } from '../log-reader.ts'
import { decodeMetrics } from '../metrics/decode-metrics.ts'
import { decodeTraces } from '../span-reader.ts'
import { decodeJson } from './decode-json.ts'
import type { OtlpSignal } from './otlp-messages.ts'

const receivedAtMs = Date.now()
const resource = resourceFromAttributes({
  'service.name': 'shop',
  replicas: 3,
  spot: true,
  zones: ['a', 'b'],
})
const attributes = {
  text: 'ä"\\\n\u{1f600}',
  int: 42,
  double: -1.5e-7,
  bool: false,
  list: ['x', 'y'],
  numbers: [1, 2.5],
}

/** What decoding leaves behind: the outcome and the blocks of every table that requests append to. */
function decoded(decode: Decode, input: Uint8Array | undefined) {
  if (input === undefined) throw new Error('the serializer gave nothing')
  const tables = new TableSet()
  const context = { tenant: 't', receivedAtMs, limits: defaultDecodeLimits, tables, redactor: undefined }
  const outcome = decode(input, context)
  const { events, resources, metricPoints, metricSeries } = tables
  const blocks = [events, resources, metricPoints, metricSeries].map((table) => ({
    table: table.name,
    rows: table.rows,
    bytes: Buffer.from(table.finish(new ByteBuffer(), 1, 2)).toString('latin1'),
  }))
  return { outcome, blocks }
}

interface Request {
  readonly signal: OtlpSignal
  readonly decode: Decode
  readonly json: Uint8Array | undefined
  readonly protobuf: Uint8Array | undefined
}

function expectSame({ signal, decode, json, protobuf }: Request, accepted: number): void {
  const fromProtobuf = decoded(decode, protobuf)
  expect(fromProtobuf.outcome).toEqual({ accepted, rejected: 0, message: '' })
  expect(decoded(decodeJson(signal, decode), json)).toEqual(fromProtobuf)
}

test('spans of the SDK give the same blocks from JSON and from protobuf', () => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const tracer = provider.getTracer('test', '1.2.3')
  const first = tracer.startSpan('first', { kind: SpanKind.SERVER, attributes })
  first.addEvent('retry', attributes)
  first.recordException(new Error('declined'))
  first.setStatus({ code: SpanStatusCode.ERROR, message: 'no' })
  first.end()
  tracer.startSpan('second', { links: [{ context: first.spanContext(), attributes }] }).end()
  const spans = exporter.getFinishedSpans()
  const json = JsonTraceSerializer.serializeRequest(spans)
  const protobuf = ProtobufTraceSerializer.serializeRequest(spans)
  expectSame({ signal: 'traces', decode: decodeTraces, json, protobuf }, 2)
})

test('log records give the same blocks from JSON and from protobuf', () => {
  const seconds = Math.floor(receivedAtMs / 1000)
  const record = {
    hrTime: [seconds, 123_456_789] as [number, number],
    hrTimeObserved: [seconds, 5] as [number, number],
    severityNumber: 17,
    severityText: 'ERROR',
    body: { nested: [1, 'two', { three: true }] },
    eventName: 'payment.failed',
    spanContext: { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', traceFlags: 1 },
    resource,
    instrumentationScope: { name: 'test' },
    attributes,
    droppedAttributesCount: 2,
  }
  const json = JsonLogsSerializer.serializeRequest([record])
  const protobuf = ProtobufLogsSerializer.serializeRequest([record])
  expectSame({ signal: 'logs', decode: decodeLogs, json, protobuf }, 1)
})

class ManualReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

test('metrics of the SDK give the same blocks from JSON and from protobuf', async () => {
  const reader = new ManualReader()
  const view = {
    instrumentName: 'size',
    aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const,
  }
  const meter = new MeterProvider({ resource, readers: [reader], views: [view] }).getMeter('test', '1')
  meter.createCounter('orders', { unit: '1', description: 'orders taken' }).add(3, attributes)
  meter.createUpDownCounter('open').add(-2.5)
  meter.createHistogram('duration', { unit: 'ms' }).record(12.5, { route: '/' })
  meter.createHistogram('size').record(7)
  meter.createObservableGauge('load').addCallback((result) => result.observe(0.7))
  const { resourceMetrics } = await reader.collect()
  const json = JsonMetricsSerializer.serializeRequest(resourceMetrics)
  const protobuf = ProtobufMetricsSerializer.serializeRequest(resourceMetrics)
  expectSame({ signal: 'metrics', decode: decodeMetrics, json, protobuf }, 5)
})
