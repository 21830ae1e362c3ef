import type { Position } from './predicate.ts'
import { predicateError } from './predicate-error.ts'

export type TokenKind = 'word' | 'string' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** A word or symbol as written; of a string, what it means after its escapes. */
  readonly text: string
  readonly position: Position
}

const space = /\s*/uy
const symbol = /=~|!~|!=|<=|>=|[=<>:(),]/y
/** `!` belongs to a word unless it begins an operator. */
const word = /(?:[^\s()",:=<>!]|!(?![=~]))+/y
/** After `key:` a value runs to the next space or bracket, so that addresses and times need no quotes. */
const valueWord = /[^\s()",]+/y
const stringBody = /(?:[^"\\]|\\[\s\S])*/y

export const operatorSymbols: ReadonlySet<string> = new Set([
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  '!~',
  ':',
])

/** The tokens of a text, the last one of kind `end`. Throws invalid_predicate at an unclosed quote. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  let offset = skip(text, 0)
  while (offset < text.length) {
    const previous = tokens.at(-1)
    const afterColon =
      previous?.kind === 'symbol' && previous.text === ':' && previous.position.end === offset
    const token = readToken(text, offset, afterColon)
    tokens.push(token)
    offset = skip(text, token.position.end)
  }
  tokens.push({ kind: 'end', text: '', position: { start: text.length, end: text.length } })
  return tokens
}

function readToken(text: string, start: number, afterColon: boolean): Token {
  if (text[start] === '"') return readString(text, start)
  const value = afterColon ? take(valueWord, text, start) : ''
  if (value !== '') return wordAt(value, start)
  const sign = take(symbol, text, start)
  if (sign !== '') return { kind: 'symbol', text: sign, position: { start, end: start + sign.length } }
  return wordAt(take(word, text, start), start)
}

function wordAt(text: string, start: number): Token {
  return { kind: 'word', text, position: { start, end: start + text.length } }
}

function readString(text: string, start: number): Token {
  const body = take(stringBody, text, start + 1)
  const end = start + 1 + body.length
  if (text[end] !== '"') throw predicateError('expected a closing quote', { start, end: text.length })
  return { kind: 'string', text: unescapeText(body), position: { start, end: end + 1 } }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** Any other backslash stays as written, so that a regular expression reads as usual: `"\d+\.\d+"`. */
function unescapeText(body: string): string {
  return body
    .replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/gu, (whole: string, hex?: string, letter = '') =>
      hex === undefined ? (escapes[letter] ?? whole) : String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .toWellFormed()
}

function take(pattern: RegExp, text: string, offset: number): string {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0] ?? ''
}

function skip(text: string, offset: number): number {
  return offset + take(space, text, offset).length
}
