import { compileFieldTypes } from '../compile/catalogue.ts'
import type { AttributeTypes } from '../compile/field.ts'
import { intrinsicField } from '../compile/intrinsic-fields.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { Inquiry } from './reader.ts'

type ValueType = 'string' | 'number' | 'bool'

/** The maps each field lives in, by the catalogue. A key it does not know (it is bounded) is looked for in all of them. */
export async function attributeTypes(
  inquiry: Inquiry,
  range: ResolvedRange,
  fields: readonly string[],
): Promise<AttributeTypes> {
  const wanted = fields.filter((field) => intrinsicField(field) === undefined)
  if (wanted.length === 0) return new Map()
  const keys = [...new Set(wanted.map((field) => field.replace(/^(attr|resource)\./, '')))]
  const rows = await inquiry.read<{ key: string; key_scope: string; key_type: ValueType }>(
    compileFieldTypes(range, keys),
  )
  const types = new Map<string, Set<ValueType>>()
  for (const field of wanted) {
    const scope = field.startsWith('resource.') ? 'resource' : 'attribute'
    const key = field.replace(/^(attr|resource)\./, '')
    const known = rows.filter((row) => row.key === key && row.key_scope === scope).map((row) => row.key_type)
    if (known.length > 0) types.set(field, new Set(known))
  }
  return types
}
