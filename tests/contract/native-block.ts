/** The smallest writer of ClickHouse's Native format, for tests that need a few exact bytes. */
export type NativeColumn = readonly [name: string, type: string, data: Uint8Array]

export function nativeBlockOf(rows: number, columns: readonly NativeColumn[]): Uint8Array {
  const parts: Uint8Array[] = [varint(columns.length), varint(rows)]
  for (const [name, type, data] of columns) parts.push(nativeString(name), nativeString(type), data)
  return Buffer.concat(parts)
}

export function nativeString(text: string): Uint8Array {
  const bytes = Buffer.from(text)
  return Buffer.concat([varint(bytes.length), bytes])
}

export function uint64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest & 127) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}
