/** OTLP trace requests written by hand (opentelemetry/proto/trace/v1/trace.proto), so that ids follow from numbers. */
export const spansPerRequest = 20

export const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
export const spanIdsOf = (request: number): readonly string[] =>
  Array.from({ length: spansPerRequest }, (_, index) => hex(request * spansPerRequest + index, 16))

/** An ExportTraceServiceRequest with one trace; `startMs` is when its spans began. */
export function traceRequest(request: number, startMs: number): Buffer {
  const [root = ''] = spanIdsOf(request)
  const startNs = BigInt(startMs) * 1_000_000n
  const spans = spanIdsOf(request).map((id, index) =>
    field(2, [
      field(1, Buffer.from(hex(request, 32), 'hex')),
      field(2, Buffer.from(id, 'hex')),
      ...(index === 0 ? [] : [field(4, Buffer.from(root, 'hex'))]),
      field(5, Buffer.from(`work ${index % 5}`)),
      Buffer.from([(6 << 3) | 0, 2]),
      fixed64(7, startNs),
      fixed64(8, startNs + 5_000_000n),
    ]),
  )
  const service = [field(1, Buffer.from('service.name')), field(2, [field(1, Buffer.from('shop'))])]
  return field(1, [field(1, [field(1, service)]), field(2, spans)])
}

function field(number: number, content: Buffer | readonly Buffer[]): Buffer {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.concat(content)
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes])
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = (number << 3) | 1
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}
