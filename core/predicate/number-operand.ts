import type { NumberOperand } from './resolved.ts'

/**
 * Texts that count as numbers: plain decimals as a number prints itself, at most 15 significant digits, so that equality
 * of texts and of doubles is the same thing. "500" is a number; "0500", "500.0" and "-0" are texts. Valid in RE2 and in JavaScript.
 */
export const numericTextPattern = '^(?:0|-?[1-9][0-9]{0,14}|-?(?:0|[1-9][0-9]{0,8})\\.[0-9]{0,5}[1-9])$'
const numericText = new RegExp(numericTextPattern)
const integerText = /^-?[1-9][0-9]{14,}$/

export function isNumericText(text: string): boolean {
  return numericText.test(text)
}

export function numberOperand(value: number, text: string): NumberOperand {
  const integer =
    Number.isInteger(value) && !Number.isSafeInteger(value) ? exactInteger(value, text) : undefined
  if (integer !== undefined) return { kind: 'number', value, texts: [integer.toString()], integer }
  const printed = String(value)
  return {
    kind: 'number',
    value,
    texts: isNumericText(printed) || integerText.test(printed) ? [printed] : [],
  }
}

/** The number a quoted literal means, or undefined when it is just a text. */
export function numberFromText(text: string): NumberOperand | undefined {
  if (!isNumericText(text) && !integerText.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? numberOperand(value, text) : undefined
}

function exactInteger(value: number, text: string): bigint {
  return /^-?\d+$/.test(text) ? BigInt(text) : BigInt(value)
}
