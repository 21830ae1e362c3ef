/** OTLP/protobuf trace requests of the bench's shape, made once with the official JavaScript serializer. */
import { randomBytes } from 'node:crypto'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'

export const spansPerRequest = 1000
const spansPerTrace = 8
type Serializable = Parameters<typeof ProtobufTraceSerializer.serializeRequest>[0][number]

const resources = Array.from({ length: 30 }, (_, service) =>
  Array.from({ length: 4 }, (_, pod) =>
    resourceFromAttributes({
      'service.name': `svc-${service}`,
      'k8s.pod.name': `pod-${service}-${pod}`,
      'cloud.region': 'eu-west-1',
      'host.name': `h-${(service * 7 + pod) % 100}`,
    }),
  ),
)

/** One request of 1,000 spans with 9 attributes each and 4 resource attributes. */
export function tracePayload(seed: number): Uint8Array {
  const spans: Serializable[] = []
  for (let index = 0; index < spansPerRequest; index += spansPerTrace) {
    const traceId = randomBytes(16).toString('hex')
    let parent: string | undefined
    for (let depth = 0; depth < spansPerTrace && spans.length < spansPerRequest; depth += 1) {
      const spanId = randomBytes(8).toString('hex')
      spans.push(span({ seed, row: index + depth, depth, traceId, spanId, parent }))
      parent = spanId
    }
  }
  const bytes = ProtobufTraceSerializer.serializeRequest(spans)
  if (bytes === undefined) throw new Error('the serializer gave nothing')
  return bytes
}

interface SpanSeed {
  readonly seed: number
  readonly row: number
  readonly depth: number
  readonly traceId: string
  readonly spanId: string
  readonly parent: string | undefined
}

function span({ seed, row, depth, traceId, spanId, parent }: SpanSeed): Serializable {
  const nowS = Math.floor(Date.now() / 1000)
  const start: [number, number] = [nowS, (row % 1000) * 1_000_000]
  const parentContext = parent === undefined ? undefined : { traceId, spanId: parent, traceFlags: 1 }
  const random = (limit: number) => Math.floor(Math.random() * limit)
  return {
    name: `op-${(seed + row) % 300}`,
    kind: row % 3,
    spanContext: () => ({ traceId, spanId, traceFlags: 1 }),
    parentSpanContext: parentContext,
    startTime: start,
    endTime: [start[0], start[1] + random(500_000_000)],
    status: { code: row % 50 === 0 ? 2 : 0 },
    attributes: {
      'http.request.method': 'GET',
      'http.route': `/api/v1/${row % 50}`,
      'user.id': String(random(1e6)),
      'network.peer.address': `10.0.${row % 255}.${(row * 7) % 255}`,
      'db.query.text': `SELECT * FROM t WHERE id=${random(1e5)}`,
      'request.id': randomBytes(8).toString('hex'),
      'url.full': `https://shop.example.com/api/v1/items/${random(1e5)}`,
      'http.response.status_code': 200 + (row % 3) * 100,
      'app.tenant': `t${row % 200}`,
    },
    links: [],
    events: [],
    duration: [0, 1],
    ended: true,
    resource: resources[(seed + depth) % 30]?.[row % 4],
    instrumentationScope: { name: 'lib', version: '1' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as unknown as Serializable
}
