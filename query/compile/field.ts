import { intrinsicField } from './intrinsic-fields.ts'
import type { Bindings } from './statement.ts'

/** The maps an attribute key lives in, when the catalogue knows them: reading one map instead of three. */
export type AttributeTypes = ReadonlyMap<string, ReadonlySet<'string' | 'number' | 'bool'>>

/**
 * A field as a group key: text with its type in the first character (`s`, `n`, `t` true, `f` false), '' when missing.
 * Read back by `parseKey`.
 */
export function keySql(field: string, bindings: Bindings, types: AttributeTypes): string {
  const intrinsic = plainIntrinsic(field)
  if (intrinsic !== undefined) {
    const prefix = intrinsic.number === undefined ? 's' : 'n'
    return `if(${intrinsic.text} = '', '', concat('${prefix}', ${intrinsic.text}))`
  }
  const { key, maps } = attributeOf(field, bindings)
  const known = types.get(field)
  const has = (type: 'string' | 'number' | 'bool') => known === undefined || known.has(type)
  const branches = [
    // Empty text counts as missing: asking whether the key is there reads all keys of the row, three times the work.
    ...(has('string') ? [`${maps.str}[${key}] != ''`, `concat('s', ${maps.str}[${key}])`] : []),
    ...(has('number')
      ? [`mapContains(${maps.num}, ${key})`, `concat('n', toString(${maps.num}[${key}]))`]
      : []),
    ...(has('bool') ? [`mapContains(${maps.bool}, ${key})`, `if(${maps.bool}[${key}], 't', 'f')`] : []),
  ]
  return branches.length === 0 ? `''` : `multiIf(${[...branches, `''`].join(', ')})`
}

export function parseKey(text: string): string | number | boolean | null {
  if (text === '') return null
  const rest = text.slice(1)
  switch (text[0]) {
    case 'n':
      return Number.isFinite(Number(rest)) ? Number(rest) : rest
    case 't':
      return true
    case 'f':
      return false
    default:
      return rest
  }
}

/** A field as a number: its Float64 expression and the condition under which the row has one. */
export interface NumberSql {
  readonly value: string
  readonly present: string
}

export function numberSql(field: string, bindings: Bindings): NumberSql | undefined {
  const intrinsic = plainIntrinsic(field)
  if (intrinsic !== undefined) {
    if (intrinsic.number === undefined) return undefined
    const present = intrinsic.name === 'duration' ? `signal != 'log'` : `severity > 0`
    return { value: intrinsic.number, present }
  }
  const { key, maps } = attributeOf(field, bindings)
  const value = `${maps.num}[${key}]`
  return { value, present: `(mapContains(${maps.num}, ${key}) AND isFinite(${value}))` }
}

export function isResourceField(field: string): boolean {
  return field.startsWith('resource.')
}

function plainIntrinsic(field: string) {
  return field.startsWith('attr.') || isResourceField(field) ? undefined : intrinsicField(field)
}

function attributeOf(field: string, bindings: Bindings) {
  const resource = isResourceField(field)
  const name = resource ? field.slice('resource.'.length) : field.replace(/^attr\./, '')
  const prefix = resource ? 'resource_attr' : 'attr'
  return {
    key: bindings.bind('String', name),
    maps: { str: `${prefix}_str`, num: `${prefix}_num`, bool: `${prefix}_bool` },
  }
}
