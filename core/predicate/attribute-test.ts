import { compareText } from './compare-text.ts'
import type { AttributeValue } from './event-view.ts'
import { isNumericText } from './number-operand.ts'
import { regularExpression } from './regular-expression.ts'
import type { NumberOperand, Operand, OrderOperator, Test } from './resolved.ts'

export type AttributeTest = (value: AttributeValue) => boolean

/** A test of a value whose type is known only when it comes; the rules are in docs/predicates.md. */
export function attributeTest(test: Test): AttributeTest {
  switch (test.kind) {
    case 'exists':
      return () => true
    case 'equals':
      return equalsTest(test.operands)
    case 'order':
      return orderTest(test.operator, test.operand)
    case 'contains':
      return (value) => attributeText(value)?.includes(test.text) ?? false
    case 'matches': {
      const pattern = regularExpression(test.pattern)
      return (value) => {
        const text = attributeText(value)
        return text !== undefined && pattern.test(text)
      }
    }
  }
}

function equalsTest(operands: readonly Operand[]): AttributeTest {
  const texts = new Set(operands.flatMap(operandTexts))
  const numbers = operands.filter((operand) => operand.kind === 'number')
  const booleans = operands.flatMap((operand) => (operand.kind === 'boolean' ? [operand.value] : []))
  return (value) => {
    if (typeof value === 'string') return texts.has(value)
    if (typeof value === 'boolean') return booleans.includes(value)
    return numbers.some((operand) => numberEquals(operand, value))
  }
}

/** The texts that equal an operand: a number also equals its own printing, a boolean its word. */
export function operandTexts(operand: Operand): readonly string[] {
  switch (operand.kind) {
    case 'text':
      return [operand.text]
    case 'number':
      return operand.texts
    case 'boolean':
      return [String(operand.value)]
    case 'id':
      return [operand.hex]
    case 'instant':
      return []
  }
}

function orderTest(operator: OrderOperator, operand: Operand): AttributeTest {
  if (operand.kind === 'text') {
    return (value) => typeof value === 'string' && ordered(operator, compareText(value, operand.text))
  }
  if (operand.kind !== 'number') return () => false
  return (value) => {
    const number = attributeNumber(value)
    if (number === undefined || Number.isNaN(number)) return false
    return ordered(operator, number < operand.value ? -1 : number > operand.value ? 1 : 0)
  }
}

export function ordered(operator: OrderOperator, comparison: -1 | 0 | 1): boolean {
  switch (operator) {
    case '<':
      return comparison < 0
    case '<=':
      return comparison <= 0
    case '>':
      return comparison > 0
    case '>=':
      return comparison >= 0
  }
}

/** Exact: from ±2^53 on integers are compared as integers. */
export function numberEquals(operand: NumberOperand, value: number | bigint): boolean {
  if (typeof value === 'number') {
    const exact = operand.integer === undefined || BigInt(operand.value) === operand.integer
    return exact && value === operand.value
  }
  return operand.integer === undefined ? value === toBigInt(operand.value) : value === operand.integer
}

/** Order looks at doubles, so integers beyond 2^53 are ordered by their nearest double. */
function attributeNumber(value: AttributeValue): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'string' && isNumericText(value) ? Number(value) : undefined
}

/** The text of a value: itself, the digits of an integer, `true` or `false`; other numbers have none. */
function attributeText(value: AttributeValue): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return String(value)
  return Number.isSafeInteger(value) ? String(value) : undefined
}

function toBigInt(value: number): bigint | undefined {
  return Number.isInteger(value) ? BigInt(value) : undefined
}
