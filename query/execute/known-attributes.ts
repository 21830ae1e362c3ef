import { compileKeyPlaces } from '../compile/catalogue.ts'
import { type AttributeKnowledge, predicateKeys } from '../compile/predicate.ts'
import type { ResolvedRange } from '../compile/time-range.ts'
import type { Inquiry } from './reader.ts'

interface Place {
  readonly key: string
  readonly key_scope: 'attribute' | 'resource'
  readonly key_type: 'string' | 'number' | 'bool'
}

/**
 * Where the keys of a predicate live, by the catalogue, so that the condition reads one map instead of six. The catalogue's key
 * rows are exact and stored with their events; a key it does not know is looked for everywhere.
 */
export async function knownAttributes(
  inquiry: Inquiry,
  range: ResolvedRange,
  where: string | undefined,
): Promise<AttributeKnowledge> {
  const keys = predicateKeys(where ?? '')
  if (keys.length === 0) return {}
  const rows = await inquiry.read<Place>(compileKeyPlaces(range, keys))
  const places = Map.groupBy(rows, (row) => row.key)
  return {
    scopeOf: (key) => {
      const scopes = new Set(places.get(key)?.map((row) => row.key_scope))
      const [only] = scopes
      return scopes.size === 1 && only !== undefined ? only : 'either'
    },
    typesOf: (key) => {
      const types = new Set(places.get(key)?.map((row) => coreType[row.key_type]))
      return types.size === 0 ? allTypes : [...types]
    },
  }
}

const coreType = { string: 'string', number: 'number', bool: 'boolean' } as const
const allTypes = ['string', 'number', 'boolean'] as const
