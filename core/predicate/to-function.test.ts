import { type SampleEvent, viewOf } from '@oriel/core/testing'
import { describe, expect, it } from 'vitest'
import { parsePredicate } from './parser.ts'
import { predicateToFunction } from './to-function.ts'

type Attributes = SampleEvent['attributes']

function holds(text: string, attributes: Attributes, rest: Partial<SampleEvent> = {}): boolean {
  const event = { fields: {}, resource: {}, ...rest, attributes }
  return predicateToFunction(parsePredicate(text))(viewOf(event))
}

describe('string against number', () => {
  const cases: readonly { predicate: string; value: Attributes[string]; expect: boolean }[] = [
    { predicate: 'code = 500', value: 500, expect: true },
    { predicate: 'code = 500', value: '500', expect: true },
    { predicate: 'code = "500"', value: 500, expect: true },
    { predicate: 'code = "500"', value: '500', expect: true },
    { predicate: 'code = 500', value: '500.0', expect: false },
    { predicate: 'code = 500', value: '0500', expect: false },
    { predicate: 'code = "0500"', value: 500, expect: false },
    { predicate: 'code >= 500', value: '503', expect: true },
    { predicate: 'code >= "500"', value: 1000, expect: true },
    { predicate: 'code >= 500', value: 'many', expect: false },
    { predicate: 'code < "b"', value: 'a', expect: true },
    { predicate: 'code < "b"', value: 5, expect: false },
    { predicate: 'code =~ "^5"', value: 503, expect: true },
    { predicate: 'code contains "03"', value: 503, expect: true },
    { predicate: 'code contains "."', value: 0.5, expect: false },
  ]
  it.each(cases)('$predicate with $value: $expect', ({ predicate, value, expect: expected }) => {
    expect(holds(predicate, { code: value })).toBe(expected)
  })
})

describe('true and false', () => {
  it.each([
    ['ok = true', true, true],
    ['ok = "true"', true, true],
    ['ok = true', 'true', true],
    ['ok = true', 1, false],
    ['ok != true', false, true],
    ['ok in (false, 1)', false, true],
  ] as const)('%s with %s: %s', (predicate, ok, expected) => {
    expect(holds(predicate, { ok })).toBe(expected)
  })
})

describe('numbers at the edges', () => {
  const big = 2n ** 53n + 1n
  it.each([
    ['n = 9007199254740993', big, true],
    ['n = 9007199254740992', big, false],
    ['n = 9007199254740992', 2 ** 53, true],
    ['n = 9007199254740993', 2 ** 53, false],
    ['n = "9007199254740993"', big, true],
    ['n = 9223372036854775807', 2n ** 63n - 1n, true],
    ['n = 9223372036854775808', 2n ** 63n - 1n, false],
    ['n = 0', -0, true],
    ['n = -0', 0, true],
    ['n = 0', Number.NaN, false],
    ['n != 0', Number.NaN, true],
    ['n < 1', Number.NaN, false],
    ['n >= 1', Number.NaN, false],
    ['n > 1e300', Number.POSITIVE_INFINITY, true],
  ] as const)('%s with %s: %s', (predicate, n, expected) => {
    expect(holds(predicate, { n })).toBe(expected)
  })
})

describe('a missing value', () => {
  it.each(['= 1', '< 1', '<= 1', '> 1', '>= 1', 'in (1)', '=~ ".*"', 'contains ""', 'exists'])(
    '%s: false',
    (rest) => {
      expect(holds(`x ${rest}`, {})).toBe(false)
      expect(holds(`attr.x ${rest}`, {}, { resource: { x: 1 } })).toBe(false)
    },
  )
  it.each(['!= 1', 'not in (1)', '!~ ".*"', 'not exists', 'not contains ""'])('%s: true', (rest) => {
    expect(holds(`x ${rest}`, {})).toBe(true)
  })
  it('an empty text is a value of an attribute but not of a field', () => {
    expect(holds('x exists and x = ""', { x: '' })).toBe(true)
    expect(holds('body exists or body = ""', {}, { fields: { body: '' } })).toBe(false)
  })
})

describe('names', () => {
  const resource = { region: 'eu', code: 1 }
  it('without a prefix mean the attribute, else the resource attribute', () => {
    expect(holds('region = eu', {}, { resource })).toBe(true)
    expect(holds('code = 1', { code: 2 }, { resource })).toBe(false)
    expect(holds('resource.code = 1', { code: 2 }, { resource })).toBe(true)
  })
  it('of an event field come first, and by their aliases', () => {
    const fields = { service: 'cart', status: 'error', signal: 'span', parent_span_id: '0'.repeat(16) }
    const attributes = { service: 'other', 'service.name': 'other' }
    expect(
      holds('service = cart and service.name = cart and error = true and root = true', attributes, {
        fields,
      }),
    ).toBe(true)
    expect(holds('attr.service = other', attributes, { fields })).toBe(true)
  })
  it('ids compare in any case', () => {
    const fields = { trace_id: 'ABCDEF0123456789ABCDEF0123456789' }
    expect(holds('trace_id = abcdef0123456789abcdef0123456789', {}, { fields })).toBe(true)
  })
})

describe('full text', () => {
  const fields = {
    body: 'Connection REFUSED: upstream-1',
    name: 'GET /cart',
    'exception.message': 'Zeitüberschreitung',
  }
  it.each([
    ['refused', true],
    ['refuse', false],
    ['"connection refused"', true],
    ['"refused connection"', false],
    ['refused connection', true],
    ['upstream-1', true],
    ['upstream-2', false],
    ['cart', true],
    ['zeitüberschreitung', true],
    ['": "', true],
  ] as const)('%s: %s', (predicate, expected) => {
    expect(holds(predicate, {}, { fields })).toBe(expected)
  })
})
