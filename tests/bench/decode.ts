import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { seededRandom, systemClock } from '@oriel/core'
import { defaultDecodeLimits, OpenGroup } from '@oriel/ingest'

const spansPerRequest = 1000
const random = seededRandom(1)
const below = (count: number) => Math.floor(random.next() * count)
const hex = (bytes: number) => Array.from({ length: bytes * 2 }, () => below(16).toString(16)).join('')
const resources = Array.from({ length: 30 }, (_, index) =>
  resourceFromAttributes({ 'service.name': `service-${index}`, 'host.name': `host-${index % 7}` }),
)

function attributes(index: number) {
  return {
    'http.request.method': 'GET',
    'http.route': `/api/v1/${index % 50}`,
    'user.id': String(below(1e6)),
    'network.peer.address': `10.0.${below(255)}.${below(255)}`,
    'db.query.text': `SELECT * FROM t WHERE id=${below(1e5)}`,
    'request.id': hex(8),
    'url.full': `https://shop.example.com/api/v1/items/${below(1e5)}`,
    'http.response.status_code': 200 + (index % 3) * 100,
    'app.tenant': `t${index % 200}`,
    'cache.hit': index % 2 === 0,
    'queue.wait_ms': random.next() * 100,
  }
}

/** Bytes of one request of 1,000 spans with 11 attributes, made by the official serializer. */
function requestBytes(request: number): Uint8Array {
  const seconds = Math.floor(systemClock.nowMs() / 1000)
  const spans: unknown[] = []
  let traceId = hex(16)
  for (let index = 0; index < spansPerRequest; index++) {
    const root = index % 10 === 0
    if (root) traceId = hex(16)
    const spanContext = { traceId, spanId: hex(8), traceFlags: 1 }
    spans.push({
      name: `operation-${(request + index) % 300}`,
      kind: index % 3,
      spanContext: () => spanContext,
      parentSpanContext: root ? undefined : { traceId, spanId: hex(8), traceFlags: 1 },
      startTime: [seconds, below(1e8)],
      endTime: [seconds, 1e8 + below(5e8)],
      status: { code: index % 50 === 0 ? 2 : 0 },
      attributes: attributes(index),
      links: [],
      events: [],
      duration: [0, 1],
      ended: true,
      resource: resources[index % resources.length],
      instrumentationScope: { name: 'lib', version: '1' },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    })
  }
  return ProtobufTraceSerializer.serializeRequest(spans as never) ?? new Uint8Array()
}

/** OTLP bytes to sealed Native blocks of all tables, derived rows included, on one core. */
export async function run({ seconds }: { readonly seconds: number }): Promise<{ spans_per_s_core: number }> {
  const bodies = Array.from({ length: 100 }, (_, request) => requestBytes(request))
  const group = new OpenGroup({
    ids: { bootId: 1, workerIndex: 0, workers: 1, used: 0 },
    limits: defaultDecodeLimits,
    bodyBytesMax: 64 * 1024 * 1024,
    clock: systemClock,
  })
  const measure = (forMs: number): number => {
    const startedCpu = process.threadCpuUsage()
    const startedMs = systemClock.monotonicMs()
    let spans = 0
    for (let request = 0; systemClock.monotonicMs() - startedMs < forMs; request++) {
      const body = bodies[request % bodies.length] as Uint8Array
      const at = { tenant: 'bench', receivedAtMs: systemClock.nowMs(), body }
      spans += group.add({ ...at, signal: 'traces', encoding: 'protobuf', compression: 'none' }).accepted
      if (group.rows >= 60_000) group.seal()
    }
    group.seal()
    const cpu = process.threadCpuUsage(startedCpu)
    return spans / ((cpu.user + cpu.system) / 1e6)
  }
  measure(1500)
  return { spans_per_s_core: Math.round(measure(seconds * 1000)) }
}
