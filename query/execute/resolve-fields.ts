import { compileFieldTypes } from '../compile/catalogue.ts'
import type { AttributeTypes } from '../compile/field.ts'
import { intrinsicField } from '../compile/intrinsic-fields.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { Inquiry } from './reader.ts'

interface CatalogueRow {
  readonly key: string
  readonly key_scope: 'attribute' | 'resource'
  readonly key_type: 'string' | 'number' | 'bool'
}

export interface ResolvedFields {
  /** A name without a prefix that only resources carry, as `resource.name`; the others unchanged. */
  readonly fields: readonly string[]
  readonly types: AttributeTypes
}

/**
 * Where each field lives, by the catalogue: attribute before resource, as in a predicate, and in which maps. A key the
 * catalogue does not know (it is bounded) is looked for among attributes, in all maps.
 */
export async function resolveFields(
  inquiry: Inquiry,
  range: ResolvedRange,
  given: readonly string[],
): Promise<ResolvedFields> {
  const isAttribute = (field: string) => intrinsicField(field) === undefined
  const keyOf = (field: string) => field.replace(/^(attr|resource)\./, '')
  const keys = [...new Set(given.filter(isAttribute).map(keyOf))]
  if (keys.length === 0) return { fields: given, types: new Map() }
  const rows = await inquiry.read<CatalogueRow>(compileFieldTypes(range, keys))
  const typesOf = (field: string) => {
    const scope = field.startsWith('resource.') ? 'resource' : 'attribute'
    const found = rows.filter((row) => row.key === keyOf(field) && row.key_scope === scope)
    return new Set(found.map((row) => row.key_type))
  }
  const fields = given.map((field) => {
    if (!isAttribute(field) || field !== keyOf(field) || typesOf(field).size > 0) return field
    return typesOf(`resource.${field}`).size > 0 ? `resource.${field}` : field
  })
  const known = fields.map((field) => [field, typesOf(field)] as const).filter(([, found]) => found.size > 0)
  return { fields, types: new Map(known) }
}
