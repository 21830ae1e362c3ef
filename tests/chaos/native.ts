/** A column of a Native block: strings, or 64-bit integers. The store casts both to the types of the table. */
export interface NativeColumn {
  readonly name: string
  readonly type: 'String' | 'UInt64' | 'Int64'
  readonly values: readonly (string | bigint)[]
}

/** Encodes a small Native block: counts, then per column name, type and data. */
export function nativeBlock(columns: readonly NativeColumn[]): Buffer {
  const rows = columns[0]?.values.length ?? 0
  const parts = [varint(columns.length), varint(rows)]
  for (const { name, type, values } of columns) {
    parts.push(text(name), text(type))
    for (const value of values) parts.push(typeof value === 'string' ? text(value) : integer(value))
  }
  return Buffer.concat(parts)
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

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([varint(bytes.length), bytes])
}

function integer(value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return bytes
}
