import { operandTexts } from './attribute-test.ts'
import { numericTextPattern } from './number-operand.ts'
import { regularExpression } from './regular-expression.ts'
import type { NumberOperand, Operand, OrderOperator, Test } from './resolved.ts'
import type { SqlParameters } from './sql-parameters.ts'

/**
 * A test of one key in the maps attr_str, attr_num, attr_bool and attr_meta, false where the key is missing. The same for
 * `events` and `resources`. Reading a missing key gives the type's zero, so presence is asked only where zero would pass.
 */
export function attributeTestSql(key: AttributeKey, test: Test, parameters: SqlParameters): string {
  const columns = attributeColumns(key, parameters)
  switch (test.kind) {
    case 'exists':
      return columns.exists
    case 'equals':
      return equalsSql(columns, test.operands, parameters)
    case 'order':
      return orderSql(columns, test, parameters)
    case 'contains': {
      const needle = parameters.bind('String', test.text)
      return textSql(columns, {
        sql: (value) => `position(${value}, ${needle}) > 0`,
        takesEmpty: test.text === '',
      })
    }
    case 'matches': {
      const pattern = parameters.bind('String', test.pattern)
      const takesEmpty = regularExpression(test.pattern).test('')
      return textSql(columns, { sql: (value) => `match(${value}, ${pattern})`, takesEmpty })
    }
  }
}

export const attributeTypes = ['string', 'number', 'boolean'] as const
export type AttributeType = (typeof attributeTypes)[number]

/** A key, and the types its values can have: columns of other types are not read. */
export interface AttributeKey {
  readonly key: string
  readonly types: readonly AttributeType[]
}

export interface AttributeColumns {
  readonly types: ReadonlySet<AttributeType>
  readonly text: string
  readonly number: string
  readonly boolean: string
  readonly meta: string
  readonly hasText: string
  readonly hasNumber: string
  readonly hasBoolean: string
  readonly exists: string
}

export function attributeColumns({ key, types }: AttributeKey, parameters: SqlParameters): AttributeColumns {
  const bound = parameters.bind('String', key)
  const has = {
    string: `mapContains(attr_str, ${bound})`,
    number: `mapContains(attr_num, ${bound})`,
    boolean: `mapContains(attr_bool, ${bound})`,
  }
  return {
    types: new Set(types),
    text: `attr_str[${bound}]`,
    number: `attr_num[${bound}]`,
    boolean: `attr_bool[${bound}]`,
    meta: `attr_meta[${bound}]`,
    hasText: has.string,
    hasNumber: has.number,
    hasBoolean: has.boolean,
    exists: anyOf(attributeTypes.filter((type) => types.includes(type)).map((type) => has[type])),
  }
}

function equalsSql(
  columns: AttributeColumns,
  operands: readonly Operand[],
  parameters: SqlParameters,
): string {
  const texts = columns.types.has('string') ? [...new Set(operands.flatMap(operandTexts))] : []
  const either = texts.length === 0 ? [] : [textEqualsSql(columns, texts, parameters)]
  for (const operand of operands) {
    if (operand.kind === 'number' && columns.types.has('number'))
      either.push(numberEqualsSql(columns, operand, parameters))
    if (operand.kind === 'boolean' && columns.types.has('boolean')) {
      either.push(operand.value ? columns.boolean : `(${columns.hasBoolean} AND NOT ${columns.boolean})`)
    }
  }
  return anyOf(either)
}

/** The one place that compares an attribute with texts: where a text index over items would be used. */
function textEqualsSql(
  columns: AttributeColumns,
  texts: readonly string[],
  parameters: SqlParameters,
): string {
  const [first = ''] = texts
  const test =
    texts.length === 1
      ? `${columns.text} = ${parameters.bind('String', first)}`
      : `${columns.text} IN ${parameters.bind('Array(String)', texts)}`
  return texts.includes('') ? `(${columns.hasText} AND ${test})` : test
}

function numberEqualsSql(
  columns: AttributeColumns,
  operand: NumberOperand,
  parameters: SqlParameters,
): string {
  const { value, integer } = operand
  const number = parameters.bind('Float64', String(value))
  if (integer === undefined) {
    const test = `${columns.number} = ${number}`
    return value === 0 ? `(${columns.hasNumber} AND ${test})` : test
  }
  if (BigInt(value) === integer)
    return `(${columns.number} = ${number} AND NOT startsWith(${columns.meta}, 'int:'))`
  return `${columns.meta} = ${parameters.bind('String', `int:${integer}`)}`
}

function orderSql(
  columns: AttributeColumns,
  { operator, operand }: { readonly operator: OrderOperator; readonly operand: Operand },
  parameters: SqlParameters,
): string {
  if (operand.kind === 'text') {
    if (!columns.types.has('string')) return '0'
    return `(${columns.hasText} AND ${columns.text} ${operator} ${parameters.bind('String', operand.text)})`
  }
  if (operand.kind !== 'number') return '0'
  const number = parameters.bind('Float64', String(operand.value))
  const either: string[] = []
  if (columns.types.has('number')) {
    either.push(`(${columns.hasNumber} AND ${columns.number} ${operator} ${number})`)
  }
  if (columns.types.has('string')) {
    either.push(`(${isNumericSql(columns.text)} AND ${numberOfTextSql(columns.text)} ${operator} ${number})`)
  }
  return anyOf(either)
}

/** A constant of ours, so it may stand in the SQL; the empty text does not match. */
export function isNumericSql(text: string): string {
  return `match(${text}, '${numericTextPattern.replaceAll('\\', '\\\\')}')`
}

export function numberOfTextSql(text: string): string {
  return `ifNull(toFloat64OrNull(${text}), 0)`
}

interface TextTest {
  readonly sql: (value: string) => string
  /** The empty text passes: then presence must be asked. */
  readonly takesEmpty: boolean
}

function textSql(columns: AttributeColumns, { sql, takesEmpty }: TextTest): string {
  const either: string[] = []
  if (columns.types.has('string')) {
    const ofText = sql(columns.text)
    either.push(takesEmpty ? `(${columns.hasText} AND ${ofText})` : ofText)
  }
  const other = otherTextSql(columns)
  if (other !== undefined) either.push(takesEmpty ? `(${other} != '' AND ${sql(other)})` : sql(other))
  return anyOf(either)
}

/** The text of a value that is not a text: all digits of an integer, true or false; '' for anything else. */
function otherTextSql(columns: AttributeColumns): string | undefined {
  const { types, number, boolean, meta, hasNumber, hasBoolean } = columns
  const cases: string[] = []
  if (types.has('number')) {
    const integer = `${hasNumber} AND ${number} = trunc(${number}) AND abs(${number}) < 9007199254740992`
    cases.push(
      `startsWith(${meta}, 'int:'), substring(${meta}, 5)`,
      `${integer}, toString(toInt64(${number}))`,
    )
  }
  if (types.has('boolean')) cases.push(`${hasBoolean}, if(${boolean}, 'true', 'false')`)
  return cases.length === 0 ? undefined : `multiIf(${cases.join(', ')}, '')`
}

function anyOf(tests: readonly string[]): string {
  const [first = '0'] = tests
  return tests.length <= 1 ? first : `(${tests.join(' OR ')})`
}
