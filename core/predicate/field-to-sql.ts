import type { EventField, FieldType } from '../model/fields.ts'
import {
  type AttributeColumns,
  attributeColumns,
  attributeTypes,
  isNumericSql,
  numberOfTextSql,
} from './attribute-sql.ts'
import { fieldValueSql, presenceSql } from './field-sql.ts'
import { parseFieldName } from './parser.ts'
import { resolveTarget } from './resolve.ts'
import { SqlParameters } from './sql-parameters.ts'
import type { PredicateSqlOptions } from './to-sql.ts'

export interface FieldSql {
  readonly type: FieldType | 'attribute'
  /** Nullable(String): the value as a group key; NULL where missing. Times and durations as nanoseconds. */
  readonly text: string
  /** Nullable(Float64), for aggregates; undefined where the field is no number. Durations in nanoseconds. */
  readonly number: string | undefined
  /** A condition: the field is there. */
  readonly exists: string
}

/**
 * The SQL of a field or attribute named as in a predicate, for group-by, aggregates and columns. Binds into
 * `parameters`; uses `{tenant:String}` where resource attributes may be meant. Throws invalid_predicate.
 */
export function fieldToSql(name: string, options: PredicateSqlOptions = {}): FieldSql {
  const parameters = options.parameters ?? new SqlParameters()
  const target = resolveTarget(parseFieldName(name))
  if (target.kind === 'field') return eventFieldSql(target.field)
  const scope = target.kind === 'either' ? (options.scopeOf?.(target.key) ?? 'either') : target.kind
  const types = options.typesOf?.(target.key) ?? attributeTypes
  const own = mapsSql(attributeColumns({ key: target.key, types }, parameters))
  if (scope === 'attribute') return own
  const resource = resourceSql(own)
  if (scope === 'resource') return resource
  return {
    type: 'attribute',
    text: `if(${own.exists}, ${own.text}, ${resource.text})`,
    number: `if(${own.exists}, ${own.number}, ${resource.number})`,
    exists: `(${own.exists} OR ${resource.exists})`,
  }
}

function eventFieldSql(field: EventField): FieldSql {
  const present = presenceSql(field)
  const value = fieldValueSql(field)
  const orNull = (sql: string) =>
    present === undefined ? `toNullable(${sql})` : `if(${present}, ${sql}, NULL)`
  const numeric = field.type === 'number' || field.type === 'duration'
  return {
    type: field.type,
    text: orNull(fieldTextSql(field, value)),
    number: numeric ? orNull(`toFloat64(${value})`) : undefined,
    exists: present ?? '1',
  }
}

function fieldTextSql(field: EventField, value: string): string {
  switch (field.type) {
    case 'id':
      return `lower(hex(${value}))`
    case 'boolean':
      return `if(${value}, 'true', 'false')`
    case 'time':
      return `toString(toUnixTimestamp64Nano(${value}))`
    default:
      return `toString(${value})`
  }
}

/** A NULL in the group key of an attribute means missing; numbers print as ClickHouse prints them, large integers exactly. */
function mapsSql(columns: AttributeColumns): FieldSql & { readonly number: string } {
  const { types, text, number, boolean, meta, hasText, hasNumber, hasBoolean, exists } = columns
  const texts: string[] = []
  const numbers: string[] = []
  if (types.has('string')) texts.push(`${hasText}, ${text}`)
  if (types.has('number')) {
    texts.push(`${hasNumber}, if(startsWith(${meta}, 'int:'), substring(${meta}, 5), toString(${number}))`)
    numbers.push(`${hasNumber}, ${number}`)
  }
  if (types.has('boolean')) texts.push(`${hasBoolean}, if(${boolean}, 'true', 'false')`)
  if (types.has('string')) numbers.push(`${isNumericSql(text)}, ${numberOfTextSql(text)}`)
  return {
    type: 'attribute',
    text: firstOf(texts, 'String'),
    number: firstOf(numbers, 'Float64'),
    exists,
  }
}

function firstOf(cases: readonly string[], type: string): string {
  return cases.length === 0 ? `CAST(NULL AS Nullable(${type}))` : `multiIf(${cases.join(', ')}, NULL)`
}

/** The small table is read once into two arrays in step (groupArray drops NULL, hence pairs), and each row looked up in them. */
function resourceSql(own: FieldSql & { readonly number: string }): FieldSql & { readonly number: string } {
  const condition = `FROM resources WHERE tenant = {tenant:String} AND ${own.exists}`
  const lookUp = (value: string, type: string) => {
    const rows = `SELECT resource_id, any(${value}) AS value ${condition} GROUP BY resource_id`
    const pairs = `arraySort(pair -> pair.1, groupArray((resource_id, CAST(value AS Nullable(${type})))))`
    const ids = `(SELECT arrayMap(pair -> pair.1, ${pairs}) FROM (${rows}))`
    const values = `(SELECT arrayMap(pair -> pair.2, ${pairs}) FROM (${rows}))`
    return `transform(resource_id, ${ids}, ${values}, CAST(NULL AS Nullable(${type})))`
  }
  return {
    type: 'attribute',
    text: lookUp(own.text, 'String'),
    number: lookUp(own.number, 'Float64'),
    exists: `resource_id IN (SELECT resource_id ${condition})`,
  }
}
