import {
  type FieldReference,
  findEventField,
  OrielError,
  type Predicate,
  type PredicateSqlOptions,
  parsePredicate,
  predicateToSql,
} from '@oriel/core'
import type { Bindings } from './statement.ts'

/** A predicate over the events table as a condition. Throws invalid_predicate with the position. */
export function whereSql(where: string, bindings: Bindings, known: AttributeKnowledge = {}): string {
  return adopt(parsePredicate(where), bindings, known)
}

/** What is known of where keys live; without it, every place is looked at. */
export type AttributeKnowledge = Pick<PredicateSqlOptions, 'scopeOf' | 'typesOf'>

/** The attribute and resource keys a predicate asks about, each once. Throws invalid_predicate. */
export function predicateKeys(where: string): readonly string[] {
  if (where.trim() === '') return []
  const fields = fieldsOf(parsePredicate(where)).filter((field) => field !== undefined)
  const keys = fields.filter((field) => field.scope !== 'auto' || findEventField(field.name) === undefined)
  return [...new Set(keys.map((field) => field.name))]
}

/** The same over metric series, which have a service and attributes, but nothing else of an event. */
export function seriesWhereSql(where: string, bindings: Bindings): string {
  const predicate = parsePredicate(where)
  for (const field of fieldsOf(predicate)) {
    if (field === undefined || (field.scope === 'auto' && eventOnly.has(field.name))) {
      const name = field === undefined ? 'text search' : `field "${field.name}"`
      throw new OrielError(
        'invalid_predicate',
        `${name} is not known to metrics; use service and attributes`,
        {
          details: { position: field?.position ?? predicate.position },
        },
      )
    }
  }
  return adopt(predicate, bindings)
}

const eventOnly = new Set([
  'name',
  'kind',
  'status',
  'status_message',
  'duration',
  'time',
  'signal',
  'severity',
  'severity_text',
  'body',
  'exception.type',
  'exception.message',
  'trace_id',
  'span_id',
  'parent_span_id',
  'weight',
  'trace_state',
])

function adopt(predicate: Predicate, bindings: Bindings, known: AttributeKnowledge = {}): string {
  const { sql, params } = predicateToSql(predicate, known)
  bindings.adopt(params)
  return sql
}

/** undefined stands for text search, which names no field. */
function fieldsOf(predicate: Predicate): readonly (FieldReference | undefined)[] {
  switch (predicate.kind) {
    case 'all':
      return []
    case 'and':
    case 'or':
      return predicate.items.flatMap(fieldsOf)
    case 'not':
      return fieldsOf(predicate.item)
    case 'text':
      return [undefined]
    default:
      return [predicate.field]
  }
}
