import { findEventField } from '../model/fields.ts'
import { attributeOperand, fieldOperand } from './operand.ts'
import type { FieldReference, Literal, Position, Predicate } from './predicate.ts'
import { predicateError } from './predicate-error.ts'
import { patternProblem } from './regular-expression.ts'
import type { OrderOperator, ResolvedPredicate, Target, Test } from './resolved.ts'
import { textSearch } from './text-search.ts'

/** Settles names and types. Throws invalid_predicate where an operator or value does not fit its field. */
export function resolvePredicate(predicate: Predicate): ResolvedPredicate {
  switch (predicate.kind) {
    case 'all':
      return { kind: 'all' }
    case 'and':
    case 'or':
      return { kind: predicate.kind, items: predicate.items.map(resolvePredicate) }
    case 'not':
      return not(resolvePredicate(predicate.item))
    case 'text':
      return { kind: 'text', search: textSearch(predicate.text) }
    case 'exists':
      return { kind: 'test', target: resolveTarget(predicate.field), test: { kind: 'exists' } }
    case 'membership': {
      const target = resolveTarget(predicate.field)
      const operands = predicate.values.map((value) => operandFor(target, value, predicate.field))
      const test: ResolvedPredicate = { kind: 'test', target, test: { kind: 'equals', operands } }
      return predicate.operator === 'in' ? test : not(test)
    }
    case 'comparison':
      return resolveComparison(predicate)
  }
}

/** What a name stands for: an event field first (unless prefixed), then an attribute. */
export function resolveTarget({ scope, name }: FieldReference): Target {
  if (scope !== 'auto') return { kind: scope, key: name }
  const field = findEventField(name)
  return field === undefined ? { kind: 'either', key: name } : { kind: 'field', field }
}

const not = (item: ResolvedPredicate): ResolvedPredicate => ({ kind: 'not', item })

type Comparison = Extract<Predicate, { kind: 'comparison' }>

function resolveComparison(predicate: Comparison): ResolvedPredicate {
  const { field, operator, value, position } = predicate
  const target = resolveTarget(field)
  const testing = (test: Test): ResolvedPredicate => ({ kind: 'test', target, test })
  switch (operator) {
    case '=':
      return testing({ kind: 'equals', operands: [operandFor(target, value, field)] })
    case '!=':
      return not(testing({ kind: 'equals', operands: [operandFor(target, value, field)] }))
    case '=~':
      return testing(matchesTest(target, field, value))
    case '!~':
      return not(testing(matchesTest(target, field, value)))
    case 'contains':
      requireText(target, field, position)
      return testing({ kind: 'contains', text: literalText(value) })
    default:
      return testing(orderTest(target, operator, { field, value }))
  }
}

function operandFor(target: Target, value: Literal, reference: FieldReference) {
  return target.kind === 'field' ? fieldOperand(target.field, value) : attributeOperand(value, reference.name)
}

function orderTest(
  target: Target,
  operator: OrderOperator,
  { field, value }: { readonly field: FieldReference; readonly value: Literal },
): Test {
  if (target.kind === 'field' && ['id', 'boolean', 'enumeration'].includes(target.field.type)) {
    throw predicateError(`${field.name} has no order; use = or in`, value.position)
  }
  const operand = operandFor(target, value, field)
  if (operand.kind === 'boolean') {
    throw predicateError('true and false have no order; use = or !=', value.position)
  }
  return { kind: 'order', operator, operand }
}

function matchesTest(target: Target, field: FieldReference, value: Literal): Test {
  requireText(target, field, value.position)
  const pattern = literalText(value)
  const problem = patternProblem(pattern)
  if (problem !== undefined) throw predicateError(`invalid regular expression: ${problem}`, value.position)
  return { kind: 'matches', pattern }
}

function requireText(target: Target, field: FieldReference, position: Position): void {
  if (target.kind !== 'field' || target.field.type === 'string') return
  throw predicateError(`${field.name} is not a text; use =, in or a comparison`, position)
}

function literalText(value: Literal): string {
  switch (value.kind) {
    case 'string':
      return value.value
    case 'number':
      return value.text
    case 'boolean':
      return String(value.value)
    default:
      throw predicateError('expected a text', value.position)
  }
}
