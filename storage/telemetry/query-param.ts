import { OrielError } from '@oriel/core'

/** What may be bound to `{name:Type}`. Arrays and maps nest. Bytes and 64-bit integers beyond 2^53 go as text or bigint. */
export type ParamValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | readonly ParamValue[]
  | { readonly [key: string]: ParamValue }

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** The texts of all bound values by name. */
export function formatParams(params: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, formatParam(name, value)]))
}

/** The text of one bound value as ClickHouse parses it: escaped at the top, quoted inside arrays and maps. */
function formatParam(name: string, value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value instanceof Date) return formatDate(value)
  return formatNested(name, value)
}

/** A single-quoted SQL literal that gives back exactly the text. */
export function stringLiteral(text: string): string {
  return `'${escapeText(text)}'`
}

function formatNested(name: string, value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value === 'number') return formatNumber(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return `'${formatDate(value)}'`
  if (Array.isArray(value)) return `[${value.map((item) => formatNested(name, item)).join(',')}]`
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(
      ([key, item]) => `${stringLiteral(key)}:${formatNested(name, item)}`,
    )
    return `{${pairs.join(',')}}`
  }
  throw new OrielError('invalid_argument', `parameter ${name} is a ${typeof value}, which cannot be bound`)
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  if (value === Number.NEGATIVE_INFINITY) return '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

function formatDate(value: Date): string {
  return value.toISOString().replace('T', ' ').replace('Z', '')
}

function escapeText(text: string): string {
  return text.replace(/[\\'\0\b\f\n\r\t]/g, (character) => escapes[character] ?? character)
}
