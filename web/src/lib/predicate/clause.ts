import type { AttributeValue } from '@oriel/query/contract'

const plainName = /^[^\s()",:=<>!]+$/u
const reservedName = /^(?:and|or|not)$/i

/** A field name as the predicate language writes it; odd names go into quotes. */
export function fieldText(field: string): string {
  return plainName.test(field) && !reservedName.test(field) ? field : valueText(field)
}

export function valueText(value: AttributeValue): string {
  if (typeof value !== 'string') return String(value)
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

export function clause(field: string, operator: '=' | '!=', value: AttributeValue): string {
  return `${fieldText(field)} ${operator} ${valueText(value)}`
}

/** Narrows a predicate by one clause; a predicate with `or` is put into parentheses first. */
export function narrow(where: string, added: string): string {
  const before = where.trim()
  if (before === '') return added
  if (before.split(' and ').includes(added)) return before
  return `${/\bor\b/i.test(before) ? `(${before})` : before} and ${added}`
}
