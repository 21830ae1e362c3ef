import type { EventField } from '../model/fields.ts'
import { nearMissHint } from '../runtime/near-miss.ts'
import { numberFromText, numberOperand } from './number-operand.ts'
import type { Literal } from './predicate.ts'
import { predicateError } from './predicate-error.ts'
import type { Operand } from './resolved.ts'

/** Attributes carry their type with each value, so a literal fits when any type of value could equal it. */
export function attributeOperand(value: Literal, name: string): Operand {
  switch (value.kind) {
    case 'string': {
      if (value.value === 'true' || value.value === 'false') {
        return { kind: 'boolean', value: value.value === 'true' }
      }
      return numberFromText(value.value) ?? { kind: 'text', text: value.value }
    }
    case 'number':
      return numberOperand(value.value, value.text)
    case 'bytes':
      return numberOperand(value.bytes, String(value.bytes))
    case 'boolean':
      return { kind: 'boolean', value: value.value }
    case 'duration': {
      const message = `the unit of attribute ${name} is not known; write a plain number, or use duration`
      throw predicateError(message, value.position)
    }
  }
}

export function fieldOperand(field: EventField, value: Literal): Operand {
  switch (field.type) {
    case 'string':
      return { kind: 'text', text: textOf(field, value) }
    case 'enumeration':
      return enumerationOperand(field, value)
    case 'number':
      return numberFor(field, value)
    case 'duration':
      return durationOperand(field, value)
    case 'time':
      return instantOperand(field, value)
    case 'boolean':
      return booleanOperand(field, value)
    case 'id':
      return idOperand(field, value)
  }
}

function textOf(field: EventField, value: Literal): string {
  if (value.kind === 'string') return value.value
  if (value.kind === 'number') return value.text
  if (value.kind === 'boolean') return String(value.value)
  throw predicateError(`${field.name} is a text; put the value in quotes`, value.position)
}

function enumerationOperand(field: EventField, value: Literal): Operand {
  const values = field.values ?? []
  const given = value.kind === 'string' ? value.value.toLowerCase() : ''
  if (values.includes(given)) return { kind: 'text', text: given }
  const message = `${field.name} is one of ${values.join(', ')}${nearMissHint(given, values)}`
  throw predicateError(message, value.position)
}

function numberFor(field: EventField, value: Literal): Operand {
  if (value.kind === 'number') return numberOperand(value.value, value.text)
  const number = value.kind === 'string' ? numberFromText(value.value) : undefined
  if (number === undefined) throw predicateError(`${field.name} is a number`, value.position)
  return number
}

function durationOperand(field: EventField, value: Literal): Operand {
  if (value.kind === 'duration') return numberOperand(value.nanoseconds, String(value.nanoseconds))
  if (value.kind === 'number' && value.value === 0) return numberOperand(0, '0')
  throw predicateError(`${field.name} needs a number with a unit, as in 500ms`, value.position)
}

function booleanOperand(field: EventField, value: Literal): Operand {
  if (value.kind === 'boolean') return { kind: 'boolean', value: value.value }
  if (value.kind === 'string' && (value.value === 'true' || value.value === 'false')) {
    return { kind: 'boolean', value: value.value === 'true' }
  }
  throw predicateError(`${field.name} is true or false`, value.position)
}

function idOperand(field: EventField, value: Literal): Operand {
  const digits = 2 * (field.bytes ?? 16)
  const written = value.kind === 'string' ? value.value : value.kind === 'number' ? value.text : ''
  if (written.length === digits && /^[0-9a-fA-F]+$/.test(written)) {
    return { kind: 'id', hex: written.toLowerCase() }
  }
  throw predicateError(`${field.name} is ${digits} hex digits`, value.position)
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2}))?$/
/** What DateTime64(9) can hold. */
const timeNsMin = BigInt(Date.UTC(1900, 0, 1)) * 1_000_000n
const timeNsMax = BigInt(Date.UTC(2262, 0, 1)) * 1_000_000n

function instantOperand(field: EventField, value: Literal): Operand {
  const match = value.kind === 'string' ? isoTime.exec(value.value) : null
  if (match !== null) {
    const [, date = '', clock = '00:00:00', fraction = '', zone = 'Z'] = match
    const seconds = clock.length === 5 ? `${clock}:00` : clock
    const wholeMs = Date.parse(`${date}T${seconds}${zone.toUpperCase()}`)
    const fractionNs = BigInt(fraction.padEnd(9, '0'))
    const timeNs = Number.isNaN(wholeMs) ? timeNsMax : BigInt(wholeMs) * 1_000_000n + fractionNs
    if (timeNs >= timeNsMin && timeNs < timeNsMax) return { kind: 'instant', timeNs }
  }
  const message = `${field.name} needs an ISO 8601 time with its zone, as in "2026-01-31T12:00:00Z"`
  throw predicateError(message, value.position)
}
