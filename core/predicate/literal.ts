import type { Literal, Position } from './predicate.ts'
import { predicateError } from './predicate-error.ts'

const numberText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const unitText = /^(-?)(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d|B|KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB)$/

/** Sixteen or 32 hex digits are a span or trace id even where they read as a number; as a text they still mean both. */
const idText = /^(?:[0-9a-fA-F]{16}|[0-9a-fA-F]{32})$/

/** Largest first, so that the printer finds the shortest writing. */
export const durationUnits: readonly (readonly [string, number])[] = [
  ['d', 86_400e9],
  ['h', 3_600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
]
export const bytesUnits: readonly (readonly [string, number])[] = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['KB', 1e3],
  ['B', 1],
]
const otherSpellings: Readonly<Record<string, string>> = { µs: 'us', μs: 'us', kB: 'KB' }
const durationSize = new Map(durationUnits)
const bytesSize = new Map(bytesUnits)

/** What an unquoted value means: a number, a duration, bytes, true or false; anything else is text. */
export function literalFromWord(text: string, position: Position): Literal {
  if (/^true$/i.test(text)) return { kind: 'boolean', value: true, position }
  if (/^false$/i.test(text)) return { kind: 'boolean', value: false, position }
  if (idText.test(text)) return { kind: 'string', value: text, position }
  if (numberText.test(text)) return numberLiteral(text, position)
  const match = unitText.exec(text)
  if (match === null) return { kind: 'string', value: text, position }
  const [, sign = '', digits = '', written = ''] = match
  const unit = otherSpellings[written] ?? written
  const value = scaled(digits, durationSize.get(unit) ?? bytesSize.get(unit) ?? 1)
  const signed = sign === '' ? value : -value
  if (!Number.isSafeInteger(value)) {
    const least = durationSize.has(unit) ? 'nanoseconds' : 'bytes'
    throw predicateError(`${text} is not a whole number of ${least} below 2^53`, position)
  }
  return durationSize.has(unit)
    ? { kind: 'duration', nanoseconds: signed + 0, position }
    : { kind: 'bytes', bytes: signed + 0, position }
}

function numberLiteral(text: string, position: Position): Literal {
  const value = Number(text) + 0
  if (!Number.isFinite(value)) throw predicateError(`${text} is too large for a number`, position)
  const integer = /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(value)
  const printed = integer ? BigInt(text.replace('+', '')).toString() : String(value)
  if (idText.test(printed)) return { kind: 'string', value: printed, position }
  return { kind: 'number', value, text: printed, position }
}

/** Exact where a product of doubles would not be: 1.1 s is 1100000000 ns. */
function scaled(digits: string, size: number): number {
  const [whole = '0', fraction = ''] = digits.split('.')
  const numerator = BigInt(whole + fraction) * BigInt(size)
  const denominator = 10n ** BigInt(fraction.length)
  return numerator % denominator === 0n ? Number(numerator / denominator) : Number.NaN
}
