import { describe, expect, it } from 'vitest'
import { clause, fieldText, narrow } from './clause.ts'
import { completionAt } from './completion.ts'
import { splitLastClause } from './last-clause.ts'
import { tokens } from './tokens.ts'

describe('completion at the end of what is typed', () => {
  it.each([
    ['', { kind: 'field', prefix: '' }],
    ['ser', { kind: 'field', prefix: 'ser' }],
    ['service ', { kind: 'operator', prefix: '' }],
    ['service = ', { kind: 'value', field: 'service', prefix: '' }],
    ['service = "che', { kind: 'value', field: 'service', prefix: 'che' }],
    ['service = "checkout" ', { kind: 'joiner', prefix: '' }],
    ['service = "checkout" and du', { kind: 'field', prefix: 'du' }],
    ['service in ("a", ', { kind: 'value', field: 'service', prefix: '' }],
    ['service not in (', { kind: 'value', field: 'service', prefix: '' }],
    ['(', { kind: 'field', prefix: '' }],
    ['service:', { kind: 'value', field: 'service', prefix: '' }],
  ])('%s', (text, expected) => {
    expect(completionAt(text, text.length)).toMatchObject(expected)
  })

  it('replaces the word under the caret alone', () =>
    expect(completionAt('service = "a" and na = 1', 20)).toMatchObject({
      kind: 'field',
      prefix: 'na',
      start: 18,
      end: 20,
    }))
})

it('tokens cover every character, also of nonsense', () => {
  for (const text of ['a = "b', '@@ ☂ \\', '((', 'x=~"a\\"b" and 5ms', '`odd name` = 1']) {
    expect(
      tokens(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text)
  }
})

it('values are quoted so that they come back as they are', () => {
  expect(clause('body', '=', 'say "hi"\\')).toBe('body = "say \\"hi\\"\\\\"')
  expect(clause('retry.count', '!=', 2)).toBe('retry.count != 2')
  expect(fieldText('odd name')).toBe('"odd name"')
})

it('narrowing keeps an or together and adds a clause once', () => {
  expect(narrow('', 'a = 1')).toBe('a = 1')
  expect(narrow('a = 1 or b = 2', 'c = 3')).toBe('(a = 1 or b = 2) and c = 3')
  expect(narrow('a = 1 and c = 3', 'c = 3')).toBe('a = 1 and c = 3')
})

it.each([
  { where: 'service = "a" and duration > 1s', split: { before: 'service = "a"', last: 'duration > 1s' } },
  { where: 'a = 1 and (b = 2 or c = 3)', split: { before: 'a = 1', last: '(b = 2 or c = 3)' } },
  { where: 'a = "x and y"', split: undefined },
  { where: 'a = 1 or b = 2 and c = 3', split: undefined },
  { where: 'a = 1', split: undefined },
])('$where loses its last clause', ({ where, split }) => expect(splitLastClause(where)).toEqual(split))
