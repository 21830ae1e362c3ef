import { bytesUnits, durationUnits } from './literal.ts'
import type { FieldReference, Literal, Predicate } from './predicate.ts'

/** The canonical text: parsing it gives the same predicate, positions aside. */
export function printPredicate(predicate: Predicate): string {
  switch (predicate.kind) {
    case 'all':
      return ''
    case 'and':
      return predicate.items.map((item) => bracketed(item, item.kind === 'or')).join(' and ')
    case 'or':
      return predicate.items.map(printPredicate).join(' or ')
    case 'not':
      return `not ${bracketed(predicate.item, predicate.item.kind === 'and' || predicate.item.kind === 'or')}`
    case 'comparison':
      return `${printField(predicate.field)} ${predicate.operator} ${printLiteral(predicate.value)}`
    case 'membership': {
      const values = predicate.values.map(printLiteral).join(', ')
      return `${printField(predicate.field)} ${predicate.operator} (${values})`
    }
    case 'exists':
      return `${printField(predicate.field)} exists`
    case 'text':
      return quote(predicate.text)
  }
}

function bracketed(predicate: Predicate, needed: boolean): string {
  return needed ? `(${printPredicate(predicate)})` : printPredicate(predicate)
}

const plainName = /^[^\s()",:=<>!]+$/u
const reservedName = /^(?:and|or|not)$/i
const prefixedName = /^(?:attr|resource)\./

export function printField({ scope, name }: FieldReference): string {
  if (scope !== 'auto') {
    const prefix = scope === 'attribute' ? 'attr.' : 'resource.'
    return prefix + (plainName.test(name) ? name : quote(name))
  }
  const plain = plainName.test(name) && !reservedName.test(name) && !prefixedName.test(name)
  return plain ? name : quote(name)
}

export function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'string':
      return quote(literal.value)
    case 'number':
      return literal.text
    case 'boolean':
      return String(literal.value)
    case 'duration':
      return withUnit(literal.nanoseconds, durationUnits)
    case 'bytes':
      return withUnit(literal.bytes, bytesUnits)
  }
}

function withUnit(value: number, units: readonly (readonly [string, number])[]): string {
  const last = units.at(-1)
  const [unit, size] = units.find(([, each]) => value !== 0 && value % each === 0) ?? last ?? ['', 1]
  return `${value / size}${unit}`
}

/** A backslash is doubled always, so that what follows it cannot turn into an escape. */
function quote(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
  return `"${escaped}"`
}
