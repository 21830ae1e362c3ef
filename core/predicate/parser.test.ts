import { predicates } from '@oriel/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeErrors } from './describe-errors.ts'
import { parsePredicate } from './parser.ts'
import { predicateLimits } from './predicate.ts'
import { printPredicate } from './printer.ts'

describe('parsePredicate', () => {
  const cases: readonly { name: string; input: string; expect: string }[] = [
    { name: 'an empty text holds for everything', input: '  ', expect: '' },
    { name: 'and binds closer than or', input: 'a=1 or b=2 and c=3', expect: 'a = 1 or b = 2 and c = 3' },
    {
      name: 'brackets that matter stay',
      input: '(a=1 or b=2) and c=3',
      expect: '(a = 1 or b = 2) and c = 3',
    },
    {
      name: 'brackets that do not go',
      input: '((a=1) and (b=2 and c=3))',
      expect: 'a = 1 and b = 2 and c = 3',
    },
    {
      name: 'neighbours are joined by and',
      input: 'a:1 timeout "was lost"',
      expect: 'a = 1 and "timeout" and "was lost"',
    },
    { name: 'key:value is equality', input: 'service:checkout', expect: 'service = "checkout"' },
    {
      name: 'a value after a colon needs no quotes',
      input: 'url:http://x/?a=b',
      expect: 'url = "http://x/?a=b"',
    },
    { name: 'keywords in any case', input: 'NOT a EXISTS OR b IN (1)', expect: 'not a exists or b in (1)' },
    {
      name: 'not before a word operator',
      input: 'a not contains x b not exists',
      expect: 'not a contains "x" and not b exists',
    },
    { name: 'not in is one operator', input: 'a not in (1, "x", true)', expect: 'a not in (1, "x", true)' },
    { name: 'not takes the nearest condition', input: 'not a=1 and b=2', expect: 'not a = 1 and b = 2' },
    {
      name: 'durations in the largest unit',
      input: 'duration > 1500ms and duration < 0.002s',
      expect: 'duration > 1500ms and duration < 2ms',
    },
    { name: 'microseconds in either spelling', input: 'duration > 5µs', expect: 'duration > 5us' },
    { name: 'bytes', input: 'size >= 4096B', expect: 'size >= 4KiB' },
    {
      name: 'integers beyond a double keep every digit',
      input: 'a = 9007199254740993',
      expect: 'a = "9007199254740993"',
    },
    { name: 'longer ones too', input: 'a = 90071992547409931', expect: 'a = 90071992547409931' },
    {
      name: 'an id of digits stays a text',
      input: 'span_id = 0012345678901234',
      expect: 'span_id = "0012345678901234"',
    },
    { name: 'minus zero is zero', input: 'a = -0', expect: 'a = 0' },
    {
      name: 'prefixes',
      input: 'attr.name = x and resource.service.name = y',
      expect: 'attr.name = "x" and resource.service.name = "y"',
    },
    {
      name: 'quoted names',
      input: 'attr."a b" = 1 and "c d" exists',
      expect: 'attr."a b" = 1 and "c d" exists',
    },
    {
      name: 'a regular expression keeps its backslashes',
      input: 'p =~ "^/\\d+\\.x$"',
      expect: 'p =~ "^/\\\\d+\\\\.x$"',
    },
    { name: 'escapes', input: '"a\\"b\\n\\u00e9"', expect: '"a\\"b\\né"' },
    { name: 'a word may hold an exclamation mark', input: 'hello!', expect: '"hello!"' },
  ]
  it.each(cases)('$name', ({ input, expect: printed }) => {
    expect(printPredicate(parsePredicate(input))).toBe(printed)
  })

  it('prints what parses to the same predicate', () => {
    fc.assert(
      fc.property(predicates, (predicate) => {
        const parsed = parsePredicate(printPredicate(predicate))
        expect(withoutPositions(parsed)).toEqual(withoutPositions(predicate))
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  it('never fails with anything but a position inside the text', () => {
    const pieces = [
      'a',
      '=',
      '!=',
      '=~',
      '(',
      ')',
      ',',
      '"',
      '\\',
      ' ',
      'not',
      'in',
      'and',
      'or',
      ':',
      '5ms',
      'attr.',
      '!',
      '🎉',
      '\ud800',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        const text = parts.join('')
        for (const { position } of describeErrors(text)) {
          expect(position.start).toBeGreaterThanOrEqual(0)
          expect(position.start).toBeLessThanOrEqual(position.end)
          expect(position.end).toBeLessThanOrEqual(text.length)
        }
      }),
      { seed: 2, numRuns: 5000 },
    )
  })

  it('gives every node its place in the text and freezes it', () => {
    const text = 'x or (service = "a" and not b exists)'
    const parsed = parsePredicate(text)
    expect(Object.isFrozen(parsed)).toBe(true)
    if (parsed.kind !== 'or') throw new Error('expected or')
    const [, second] = parsed.items
    expect(text.slice(second?.position.start, second?.position.end)).toBe('service = "a" and not b exists')
    expect(Object.isFrozen(second)).toBe(true)
  })
})

describe('limits', () => {
  it('refuses a text that is too long', () => {
    const problem = describeErrors('a'.repeat(predicateLimits.textLength + 1))[0]
    expect(problem?.message).toBe('predicate of 16385 characters exceeds the maximum 16384')
  })
  it('refuses nesting that is too deep, without a stack overflow', () => {
    expect(describeErrors(`${'('.repeat(8000)}a${')'.repeat(8000)}`)[0]?.message).toContain(
      'maximum depth 64',
    )
    expect(describeErrors(`${'not '.repeat(4000)}a`)[0]?.message).toContain('maximum depth 64')
  })
  it('refuses too many conditions', () => {
    const list = Array.from({ length: 1001 }, (_, index) => index).join(',')
    expect(describeErrors(`a in (${list})`)[0]?.message).toContain('maximum of 1000')
  })
})

describe('describeErrors', () => {
  const cases: readonly { input: string; expect: string; at: readonly [number, number] }[] = [
    { input: 'service =', expect: 'expected a value after "="', at: [9, 9] },
    { input: 'a = 1 and', expect: 'expected a condition', at: [9, 9] },
    { input: '(a = 1', expect: 'expected ")" to close the bracket', at: [6, 6] },
    { input: 'a = 1)', expect: 'unexpected ")"', at: [5, 6] },
    { input: 'a in 5', expect: 'expected "(" after "in"', at: [5, 6] },
    { input: 'body = "abc', expect: 'expected a closing quote', at: [7, 11] },
    { input: 'attr. = 5', expect: 'expected an attribute name after "attr."', at: [0, 5] },
    { input: '""', expect: 'expected text between the quotes', at: [0, 2] },
    {
      input: 'kind = clint',
      expect:
        'kind is one of unspecified, internal, server, client, producer, consumer (did you mean "client"?)',
      at: [7, 12],
    },
    { input: 'duration > 5', expect: 'duration needs a number with a unit, as in 500ms', at: [11, 12] },
    {
      input: 'duration > 0.5ns',
      expect: '0.5ns is not a whole number of nanoseconds below 2^53',
      at: [11, 16],
    },
    {
      input: 'db.time > 5ms',
      expect: 'the unit of attribute db.time is not known; write a plain number, or use duration',
      at: [10, 13],
    },
    { input: 'severity = high', expect: 'severity is a number', at: [11, 15] },
    { input: 'trace_id = abc', expect: 'trace_id is 32 hex digits', at: [11, 14] },
    { input: 'trace_id > abc', expect: 'trace_id has no order; use = or in', at: [11, 14] },
    { input: 'ok > true', expect: 'true and false have no order; use = or !=', at: [5, 9] },
    { input: 'error = 1', expect: 'error is true or false', at: [8, 9] },
    {
      input: 'time > yesterday',
      expect: 'time needs an ISO 8601 time with its zone, as in "2026-01-31T12:00:00Z"',
      at: [7, 16],
    },
    {
      input: 'time > "2026-01-31T12:00:00"',
      expect: 'time needs an ISO 8601 time with its zone, as in "2026-01-31T12:00:00Z"',
      at: [7, 28],
    },
    {
      input: 'time > "2026-13-01"',
      expect: 'time needs an ISO 8601 time with its zone, as in "2026-01-31T12:00:00Z"',
      at: [7, 19],
    },
    { input: 'a =~ "(x"', expect: 'invalid regular expression: missing closing ): `(x`', at: [5, 9] },
    { input: 'duration =~ "5"', expect: 'duration is not a text; use =, in or a comparison', at: [12, 15] },
    { input: 'a = 1e999', expect: '1e999 is too large for a number', at: [4, 9] },
  ]
  it.each(cases)('$input', ({ input, expect: message, at }) => {
    expect(describeErrors(input)).toEqual([{ message, position: { start: at[0], end: at[1] } }])
  })
  it('finds nothing wrong with what is right', () => {
    expect(
      describeErrors('service = "checkout" and duration > 500ms and http.response.status_code >= 500'),
    ).toEqual([])
  })
})

function withoutPositions(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item) => (key === 'position' ? undefined : item)))
}
