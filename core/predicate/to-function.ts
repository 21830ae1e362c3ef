import { type EventField, errorSeverityMin } from '../model/fields.ts'
import { attributeTest, numberEquals, ordered } from './attribute-test.ts'
import { compareText } from './compare-text.ts'
import type { EventView, StoredFieldName } from './event-view.ts'
import type { Predicate } from './predicate.ts'
import { regularExpression } from './regular-expression.ts'
import { resolvePredicate } from './resolve.ts'
import type { Operand, ResolvedPredicate, Target, Test, TextSearch } from './resolved.ts'
import { textHolds } from './text-search.ts'

export type EventTest = (event: EventView) => boolean

/** The predicate as a function over a decoded event; agrees with `predicateToSql` on every event. Throws invalid_predicate. */
export function predicateToFunction(predicate: Predicate): EventTest {
  return compile(resolvePredicate(predicate))
}

function compile(predicate: ResolvedPredicate): EventTest {
  switch (predicate.kind) {
    case 'all':
      return () => true
    case 'and': {
      const items = predicate.items.map(compile)
      return (event) => items.every((item) => item(event))
    }
    case 'or': {
      const items = predicate.items.map(compile)
      return (event) => items.some((item) => item(event))
    }
    case 'not': {
      const item = compile(predicate.item)
      return (event) => !item(event)
    }
    case 'text':
      return searchTest(predicate.search)
    case 'test':
      return targetTest(predicate.target, predicate.test)
  }
}

const searched = ['body', 'name', 'exception.message'] as const

function searchTest(search: TextSearch): EventTest {
  return (event) =>
    searched.some((name) => {
      const text = event.intrinsic(name)
      return typeof text === 'string' && textHolds(search, text)
    })
}

function targetTest(target: Target, test: Test): EventTest {
  if (target.kind === 'field') return fieldTest(target.field, test)
  const { kind, key } = target
  const holds = attributeTest(test)
  return (event) => {
    const own = kind === 'resource' ? undefined : event.attribute(key)
    const value = own === undefined && kind !== 'attribute' ? event.resource(key) : own
    return value !== undefined && holds(value)
  }
}

function fieldTest(field: EventField, test: Test): EventTest {
  const name = field.name as StoredFieldName
  switch (field.type) {
    case 'string':
    case 'enumeration':
    case 'id': {
      const holds = textTest(test)
      const isId = field.type === 'id'
      return (event) => {
        const value = event.intrinsic(name)
        if (typeof value !== 'string' || value === '' || (isId && isZeroId(value))) return false
        return holds(isId ? value.toLowerCase() : value)
      }
    }
    case 'number':
    case 'duration':
    case 'time': {
      const holds = numberTest(test)
      return (event) => {
        const value = event.intrinsic(name)
        if (typeof value !== 'number' && typeof value !== 'bigint') return false
        return !isNothing(field, value, event) && holds(value)
      }
    }
    case 'boolean': {
      const derive = field.name === 'error' ? isError : isRoot
      const wanted = wantedBooleans(test)
      return (event) => wanted === 'any' || wanted.includes(derive(event))
    }
  }
}

function textTest(test: Test): (value: string) => boolean {
  switch (test.kind) {
    case 'exists':
      return () => true
    case 'equals': {
      const texts = new Set(test.operands.map(operandText))
      return (value) => texts.has(value)
    }
    case 'order': {
      const { operator } = test
      const text = operandText(test.operand)
      return (value) => ordered(operator, compareText(value, text))
    }
    case 'contains':
      return (value) => value.includes(test.text)
    case 'matches': {
      const pattern = regularExpression(test.pattern)
      return (value) => pattern.test(value)
    }
  }
}

function operandText(operand: Operand): string {
  if (operand.kind === 'text') return operand.text
  return operand.kind === 'id' ? operand.hex : ''
}

function numberTest(test: Test): (value: number | bigint) => boolean {
  switch (test.kind) {
    case 'equals':
      return (value) => test.operands.some((operand) => equalsNumber(operand, value))
    case 'order': {
      const { operator, operand } = test
      const limit =
        operand.kind === 'instant' ? operand.timeNs : operand.kind === 'number' ? operand.value : 0
      return (value) =>
        !Number.isNaN(Number(value)) && ordered(operator, value < limit ? -1 : value > limit ? 1 : 0)
    }
    default:
      return () => true
  }
}

function equalsNumber(operand: Operand, value: number | bigint): boolean {
  if (operand.kind === 'instant') return typeof value === 'bigint' && value === operand.timeNs
  return operand.kind === 'number' && numberEquals(operand, value)
}

function isNothing(field: EventField, value: number | bigint, event: EventView): boolean {
  if (field.name === 'severity') return Number(value) === 0
  if (field.name === 'duration') return Number(value) === 0 && event.intrinsic('signal') !== 'span'
  return false
}

function wantedBooleans(test: Test): 'any' | readonly boolean[] {
  if (test.kind !== 'equals') return 'any'
  return test.operands.map((operand) => operand.kind === 'boolean' && operand.value)
}

function isError(event: EventView): boolean {
  return event.intrinsic('status') === 'error' || Number(event.intrinsic('severity') ?? 0) >= errorSeverityMin
}

function isRoot(event: EventView): boolean {
  if (event.intrinsic('signal') !== 'span') return false
  const parent = event.intrinsic('parent_span_id')
  return typeof parent !== 'string' || isZeroId(parent)
}

function isZeroId(hex: string): boolean {
  return /^0*$/.test(hex)
}
