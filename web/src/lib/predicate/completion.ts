import { type Token, tokens } from './tokens.ts'

/** What can be written at the caret. `start..end` is the text a choice replaces. */
export type Completion =
  | { readonly kind: 'field'; readonly prefix: string; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly prefix: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'value'
      readonly field: string
      readonly prefix: string
      readonly start: number
      readonly end: number
    }
  | { readonly kind: 'joiner'; readonly prefix: string; readonly start: number; readonly end: number }

export const operators = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'in',
  'not in',
  'contains',
  '=~',
  '!~',
  'exists',
] as const
export const joiners = ['and', 'or'] as const

const comparison = /^(=|!=|<=|>=|<|>|=~|!~|:|contains)$/i

export function completionAt(text: string, caret: number): Completion {
  const all = tokens(text)
  const touched = all.find((token) => token.kind !== 'space' && token.start < caret && caret <= token.end)
  const editing = touched && !isClosed(touched, caret) ? touched : undefined
  const before = all.filter((token) => token.kind !== 'space' && token.end <= caret && token !== editing)
  const place = {
    prefix: editing ? text.slice(editing.start, caret).replace(/^["'`]/, '') : '',
    start: editing?.start ?? caret,
    end: editing?.end ?? caret,
  }
  return completionAfter(before, place)
}

/** An operator or a finished string is not being written any more. */
function isClosed(token: Token, caret: number): boolean {
  if (token.kind === 'operator') return true
  return token.kind === 'string' && caret === token.end && token.text.length > 1 && /["']$/.test(token.text)
}

function completionAfter(
  before: readonly Token[],
  place: { readonly prefix: string; readonly start: number; readonly end: number },
): Completion {
  const last = before.at(-1)
  if (last === undefined || /^(and|or|not)$/i.test(last.text)) return { kind: 'field', ...place }
  if (comparison.test(last.text)) {
    return { kind: 'value', field: unquoted(before.at(-2)?.text ?? ''), ...place }
  }
  if (last.text === '(' || last.text === ',') return insideParentheses(before, place)
  const previous = before.at(-2)?.text ?? ''
  if (last.kind === 'name' && !comparison.test(previous)) return { kind: 'operator', ...place }
  return { kind: 'joiner', ...place }
}

function insideParentheses(
  before: readonly Token[],
  place: { readonly prefix: string; readonly start: number; readonly end: number },
): Completion {
  const open = before.findLastIndex((token) => token.text === '(')
  if (before[open - 1]?.text.toLowerCase() !== 'in') return { kind: 'field', ...place }
  const field = before[open - 2]?.text.toLowerCase() === 'not' ? before[open - 3] : before[open - 2]
  return { kind: 'value', field: unquoted(field?.text ?? ''), ...place }
}

function unquoted(name: string): string {
  return name.replace(/^`|`$/g, '')
}
