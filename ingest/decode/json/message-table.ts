/** How a field's JSON value is read and written; the names are those of protobuf, ids are the OTLP exception (hex, not base64). */
export type FieldKind =
  | 'string'
  | 'bytes'
  | 'id'
  | 'bool'
  | 'enum'
  | 'int64'
  | 'uint64'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | 'message'

export interface FieldSpec {
  readonly number: number
  readonly kind: FieldKind
  readonly repeated?: boolean
  /** For kind message; a function, because messages refer to each other. */
  readonly message?: () => MessageTable
  /** For kind enum: the names and their numbers. */
  readonly values?: ReadonlyMap<string, number>
}

export interface Field extends FieldSpec {
  readonly name: string
  readonly nameBytes: Buffer
  /** Field number and wire type of one value; of the packed run for repeated scalars. */
  readonly tag: number
}

const wireTypes: Readonly<Record<FieldKind, number>> = {
  string: 2,
  bytes: 2,
  id: 2,
  bool: 0,
  enum: 0,
  int64: 0,
  uint64: 0,
  uint32: 0,
  sint32: 0,
  fixed32: 5,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
  message: 2,
}

const slots = 64

/** The fields of one message, found by their lowerCamelCase name without making a string of it. */
export class MessageTable {
  readonly #slots: Field[][] = Array.from({ length: slots }, () => [])

  constructor(fields: Readonly<Record<string, FieldSpec>>) {
    for (const [name, spec] of Object.entries(fields)) {
      const packed = spec.repeated === true && wireTypes[spec.kind] !== 2
      const tag = (spec.number << 3) | (packed ? 2 : wireTypes[spec.kind])
      const nameBytes = Buffer.from(name)
      this.#slots[slotOf(nameBytes, 0, nameBytes.length)]?.push({ ...spec, name, nameBytes, tag })
    }
  }

  find(source: Buffer, start: number, end: number): Field | undefined {
    if (end === start) return undefined
    const candidates = this.#slots[slotOf(source, start, end)] as Field[]
    for (const field of candidates) {
      if (sameBytes(field.nameBytes, source, start, end)) return field
    }
    return undefined
  }
}

function slotOf(source: Buffer, start: number, end: number): number {
  return ((end - start) * 7 + (source[start] as number) + 3 * (source[end - 1] as number)) & (slots - 1)
}

function sameBytes(name: Buffer, source: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let i = 0; i < name.length; i++) if (name[i] !== source[start + i]) return false
  return true
}
