import type { EventFieldName } from '../model/fields.ts'
import { findEventField } from '../model/fields.ts'
import { operatorSymbols, type Token, tokenize } from './lexer.ts'
import type { Position } from './predicate.ts'

/** What can be written at the cursor. `replace` is the part a choice takes the place of; `typed` is its text before the cursor. */
export type CompletionContext =
  /** A field name, `not`, a bracket or free text. */
  | { readonly kind: 'field'; readonly typed: string; readonly replace: Position }
  | {
      readonly kind: 'operator'
      readonly field: CompletionField
      readonly typed: string
      readonly replace: Position
    }
  | {
      readonly kind: 'value'
      readonly field: CompletionField
      readonly operator: string
      readonly typed: string
      readonly replace: Position
    }
  /** `and` or `or`, after a whole condition. */
  | { readonly kind: 'connective'; readonly typed: string; readonly replace: Position }

export interface CompletionField {
  readonly scope: 'auto' | 'attribute' | 'resource'
  readonly name: string
  /** The event field of that name, where there is one. */
  readonly intrinsic?: EventFieldName
}

/** Where in the language the cursor (an offset into the text) is. Never throws; works on unfinished text. */
export function completionContext(text: string, cursor: number): CompletionContext {
  const before = tokensBefore(text.slice(0, cursor))
  const last = before.at(-1)
  const touching =
    last !== undefined && last.kind !== 'symbol' && last.position.end === cursor ? last : undefined
  const done = touching === undefined ? before : before.slice(0, -1)
  const start = touching?.position.start ?? cursor
  const replace = { start, end: touching === undefined ? cursor : endOfToken(text, touching, cursor) }
  const typed = touching?.text ?? ''
  const state = walk(done)
  switch (state.expects) {
    case 'field':
      return { kind: 'field', typed, replace }
    case 'operator':
      return { kind: 'operator', field: state.field, typed, replace }
    case 'value':
      return { kind: 'value', field: state.field, operator: state.operator, typed, replace }
    case 'connective':
      return { kind: 'connective', typed, replace }
  }
}

type State =
  | { readonly expects: 'field' }
  | { readonly expects: 'operator'; readonly field: CompletionField }
  | {
      readonly expects: 'value'
      readonly field: CompletionField
      readonly operator: string
      readonly list: boolean
    }
  | { readonly expects: 'connective'; readonly list?: Extract<State, { expects: 'value' }> }

function walk(tokens: readonly Token[]): State {
  let state: State = { expects: 'field' }
  for (const token of tokens) state = next(state, token)
  return state
}

function next(state: State, token: Token): State {
  const word = token.kind === 'word' ? token.text.toLowerCase() : ''
  switch (state.expects) {
    case 'field':
      if (token.kind === 'symbol' || word === 'not') return { expects: 'field' }
      return { expects: 'operator', field: completionField(token) }
    case 'operator':
      return afterField(state.field, token, word)
    case 'value':
      if (token.kind === 'symbol') return { ...state, list: state.list || token.text === '(' }
      return state.list ? { expects: 'connective', list: state } : { expects: 'connective' }
    case 'connective':
      if (token.kind === 'symbol' && token.text === ',' && state.list !== undefined) return state.list
      if (token.kind === 'symbol') return { expects: token.text === '(' ? 'field' : 'connective' }
      if (word === 'and' || word === 'or' || word === 'not') return { expects: 'field' }
      return { expects: 'operator', field: completionField(token) }
  }
}

function afterField(field: CompletionField, token: Token, word: string): State {
  if (token.kind === 'symbol' && operatorSymbols.has(token.text)) {
    return { expects: 'value', field, operator: token.text, list: false }
  }
  if (word === 'in' || word === 'contains') return { expects: 'value', field, operator: word, list: false }
  if (word === 'exists') return { expects: 'connective' }
  if (word === 'not') return { expects: 'operator', field }
  if (word === 'and' || word === 'or') return { expects: 'field' }
  // the name before was free text
  if (token.kind === 'symbol') return { expects: token.text === '(' ? 'field' : 'connective' }
  return { expects: 'operator', field: completionField(token) }
}

function completionField(token: Token): CompletionField {
  const prefix = token.kind === 'word' ? /^(attr|resource)\./.exec(token.text) : null
  if (prefix !== null) {
    const scope = prefix[1] === 'attr' ? 'attribute' : 'resource'
    return { scope, name: token.text.slice(prefix[0].length) }
  }
  const known = findEventField(token.text)
  const found = { scope: 'auto', name: token.text } as const
  return known === undefined ? found : { ...found, intrinsic: known.name as EventFieldName }
}

/** An unclosed quote is being typed: close it for the lexer, and let the token end at the cursor. */
function tokensBefore(text: string): readonly Token[] {
  try {
    return tokenize(text).filter((token) => token.kind !== 'end')
  } catch {
    const halfEscaped = (/\\*$/.exec(text)?.[0].length ?? 0) % 2 === 1
    const closed = halfEscaped ? `${text}\\"` : `${text}"`
    const tokens = tokenize(closed).filter((token) => token.kind !== 'end')
    return tokens.map((token) => ({
      ...token,
      position: { ...token.position, end: Math.min(token.position.end, text.length) },
    }))
  }
}

/** The rest of the word or text under the cursor is replaced too. */
function endOfToken(text: string, touching: Token, cursor: number): number {
  const pattern = touching.kind === 'string' ? /^(?:[^"\\]|\\[\s\S])*"?/u : /^[^\s()",:=<>!]*/u
  if (touching.kind === 'string' && text[cursor - 1] === '"' && cursor - touching.position.start > 1)
    return cursor
  return cursor + (pattern.exec(text.slice(cursor))?.[0].length ?? 0)
}
