import type { AttributeValue } from '@oriel/query/contract'

const bareName = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/
const words = new Set(['and', 'or', 'not', 'in', 'exists', 'contains', 'true', 'false'])

/** A field name as the predicate language writes it; odd names go into backquotes. */
export function fieldText(field: string): string {
  return bareName.test(field) && !words.has(field.toLowerCase())
    ? field
    : `\`${field.replaceAll('`', '\\`')}\``
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
