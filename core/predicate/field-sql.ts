import { type EventField, errorSeverityMin } from '../model/fields.ts'
import type { Operand, OrderOperator, Test } from './resolved.ts'
import type { SqlParameters } from './sql-parameters.ts'

const errorSql = `(status = 'error' OR severity >= ${errorSeverityMin})`
const rootSql = `(signal = 'span' AND parent_span_id = unhex('0000000000000000'))`

/** A test of an event's own field, false where it is missing (core/model/fields.ts says what counts as missing). */
export function fieldTestSql(field: EventField, test: Test, parameters: SqlParameters): string {
  switch (field.type) {
    case 'string':
      return textFieldSql(field, test, parameters)
    case 'enumeration':
      return test.kind === 'equals' ? membershipSql(columnOf(field), test.operands, parameters) : '1'
    case 'id':
      return idFieldSql(field, test, parameters)
    case 'number':
    case 'duration':
    case 'time':
      return numberFieldSql(field, test, parameters)
    case 'boolean':
      return booleanFieldSql(field, test)
  }
}

/** What must hold for the field to be there; undefined where it always is. */
export function presenceSql(field: EventField): string | undefined {
  const column = columnOf(field)
  if (field.type === 'string') return `${column} != ''`
  if (field.type === 'id') return `${column} != unhex('${'00'.repeat(field.bytes ?? 16)}')`
  if (field.name === 'severity') return 'severity > 0'
  if (field.name === 'duration') return `(duration_ns > 0 OR signal = 'span')`
  return undefined
}

/** The SQL of a field's value. */
export function fieldValueSql(field: EventField): string {
  if (field.name === 'error') return errorSql
  return field.name === 'root' ? rootSql : columnOf(field)
}

function columnOf(field: EventField): string {
  return field.column ?? field.name
}

function textFieldSql(field: EventField, test: Test, parameters: SqlParameters): string {
  const column = columnOf(field)
  const present = `${column} != ''`
  switch (test.kind) {
    case 'exists':
      return present
    case 'equals':
      return membershipSql(
        column,
        test.operands.filter((operand) => operand.kind !== 'text' || operand.text !== ''),
        parameters,
      )
    case 'order': {
      const text = test.operand.kind === 'text' ? test.operand.text : ''
      return `(${present} AND ${column} ${test.operator} ${parameters.bind('String', text)})`
    }
    case 'contains':
      return `(${present} AND position(${column}, ${parameters.bind('String', test.text)}) > 0)`
    case 'matches':
      return `(${present} AND match(${column}, ${parameters.bind('String', test.pattern)}))`
  }
}

function membershipSql(column: string, operands: readonly Operand[], parameters: SqlParameters): string {
  const texts = operands.flatMap((operand) => (operand.kind === 'text' ? [operand.text] : []))
  const [first] = texts
  if (first === undefined) return '0'
  return texts.length === 1
    ? `${column} = ${parameters.bind('String', first)}`
    : `${column} IN ${parameters.bind('Array(String)', texts)}`
}

function idFieldSql(field: EventField, test: Test, parameters: SqlParameters): string {
  const present = presenceSql(field) ?? '1'
  if (test.kind !== 'equals') return present
  const ids = test.operands.flatMap((operand) => (operand.kind === 'id' ? [operand.hex] : []))
  const nonZero = ids.filter((hex) => !/^0+$/.test(hex))
  const tests = nonZero.map((hex) => `${columnOf(field)} = unhex(${parameters.bind('String', hex)})`)
  return tests.length === 0 ? '0' : `(${tests.join(' OR ')})`
}

function numberFieldSql(field: EventField, test: Test, parameters: SqlParameters): string {
  const column = columnOf(field)
  const present = presenceSql(field)
  if (test.kind === 'equals') {
    const tests = test.operands.map((operand) => `${column} = ${numberSql(field, operand, parameters)}`)
    return guarded(present, tests.length === 1 ? (tests[0] ?? '0') : `(${tests.join(' OR ')})`)
  }
  if (test.kind !== 'order') return present ?? '1'
  const { operator, operand } = test
  const comparison = `${column} ${operator} ${numberSql(field, operand, parameters)}`
  return guarded(refusesZero(operator, operand) ? undefined : present, comparison)
}

function numberSql(field: EventField, operand: Operand, parameters: SqlParameters): string {
  if (operand.kind === 'instant') {
    return `fromUnixTimestamp64Nano(${parameters.bind('Int64', operand.timeNs.toString())})`
  }
  const value = operand.kind === 'number' ? operand.value : 0
  const whole = field.type === 'duration'
  return parameters.bind(whole ? 'Int64' : 'Float64', String(value))
}

/** The nothing of numeric fields is 0: where 0 fails anyway, presence need not be asked. */
function refusesZero(operator: OrderOperator, operand: Operand): boolean {
  const limit = operand.kind === 'number' ? operand.value : 0
  return (operator === '>' && limit >= 0) || (operator === '>=' && limit > 0)
}

function guarded(present: string | undefined, test: string): string {
  return present === undefined ? test : `(${present} AND ${test})`
}

function booleanFieldSql(field: EventField, test: Test): string {
  const value = fieldValueSql(field)
  if (test.kind !== 'equals') return '1'
  const wanted = test.operands.flatMap((operand) => (operand.kind === 'boolean' ? [operand.value] : []))
  const either = new Set(wanted)
  if (either.size === 2) return '1'
  return wanted[0] === true ? value : `NOT ${value}`
}
