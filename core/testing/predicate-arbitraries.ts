import fc from 'fast-check'
import { type EventField, eventFields } from '../model/fields.ts'
import type { AttributeValue } from '../predicate/event-view.ts'
import { literalFromWord } from '../predicate/literal.ts'
import type { ComparisonOperator, FieldReference, Literal, Predicate } from '../predicate/predicate.ts'
import { nastyIntegers, nastyNumbers, nastyTexts } from './nasty-values.ts'
import type { Attributes, SampleEvent } from './sample-event.ts'

const position = { start: 0, end: 0 }
/** Few keys, so that events and predicates meet. */
const keys = ['code', 'http.route', 'retry', 'big', 'weird key', '"q"', '__proto__x', 'not']
const texts = fc.oneof(fc.constantFrom(...nastyTexts), fc.constantFrom('500', 'checkout', 'a', 'b', '日本'))
const ids = [
  '00000000000000000000000000000000',
  'abcdef0123456789abcdef0123456789',
  '012345678901234567890123456789ab',
]
const instants = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T10:00:00.123456789Z',
  '2026-01-02',
  '2026-01-02T23:59:59+02:00',
]
const instantsNs = [1767225600000000000n, 1767261600123456789n, 1767312000000000000n, 1767391199000000001n]
/** Valid in RE2 and re2js alike. */
export const regularExpressions: readonly string[] = [
  '',
  '^$',
  '.',
  '^.$',
  'a.b',
  '5',
  '^5\\d\\d$',
  '(?i)CHECKOUT|refused',
  '\\bconnection\\b',
  '[[:alpha:]]+$',
  '\\pL',
  '^[^a]*$',
  'é',
  '日',
  '\\x00',
  '\\d{3}',
  '^\\s*$',
  '"',
  'true|false',
  '[\\x{10000}-\\x{10ffff}]',
  '^..$',
  '(a|b)\\n?',
]

const attributeValue: fc.Arbitrary<AttributeValue> = fc.oneof(
  texts,
  fc.constantFrom(...nastyNumbers),
  fc.constantFrom(...nastyIntegers),
  fc.boolean(),
  fc.integer({ min: 498, max: 502 }),
)

const attributes: fc.Arbitrary<Attributes> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...keys), attributeValue), { selector: ([key]) => key, maxLength: 5 })
  .map((entries) => Object.fromEntries(entries))

/** Events that the store can hold: every field present with its nothing where it is missing. */
export const sampleEvents: fc.Arbitrary<SampleEvent> = fc.record({
  fields: fc.record({
    signal: fc.constantFrom('span', 'log', 'event'),
    service: fc.constantFrom('checkout', 'cart', ''),
    name: fc.oneof(texts, fc.constant('GET /cart')),
    kind: fc.constantFrom('unspecified', 'server', 'client'),
    status: fc.constantFrom('unset', 'ok', 'error'),
    status_message: texts,
    time: fc.constantFrom(...instantsNs),
    duration: fc.constantFrom(0, 1, 500_000_000, 500_000_001, 2 ** 53 - 1),
    trace_id: fc.constantFrom(...ids),
    span_id: fc.constantFrom(...ids.map((id) => id.slice(0, 16))),
    parent_span_id: fc.constantFrom(...ids.map((id) => id.slice(0, 16))),
    severity: fc.constantFrom(0, 9, 16, 17, 24),
    severity_text: fc.constantFrom('', 'INFO', 'error'),
    body: texts,
    'exception.type': fc.constantFrom('', 'TypeError'),
    'exception.message': texts,
    'scope.name': fc.constantFrom('', 'http'),
    'scope.version': fc.constantFrom('', '500', '1.2.3'),
    weight: fc.constantFrom(0, 1, 2.5, 100),
    sample_reason: fc.constantFrom('', 'errors'),
  }),
  attributes,
  resource: attributes,
})

const attributeReference: fc.Arbitrary<FieldReference> = fc.record({
  scope: fc.constantFrom('auto', 'attribute', 'resource'),
  name: fc.constantFrom(...keys),
  position: fc.constant(position),
})

const attributeLiteral: fc.Arbitrary<Literal> = fc.oneof(
  texts.map((value): Literal => ({ kind: 'string', value, position })),
  fc
    .oneof(
      fc.constantFrom(...nastyNumbers).filter(Number.isFinite),
      fc.constantFrom(...nastyIntegers),
      fc.integer({ min: 498, max: 502 }),
    )
    .map((value) => literalFromWord(String(value), position)),
  fc.constantFrom('true', 'false', '4KiB', '-1.5').map((word) => literalFromWord(word, position)),
)

function fieldLiteral(field: EventField): fc.Arbitrary<Literal> {
  const words = (...all: string[]) => fc.constantFrom(...all).map((word) => literalFromWord(word, position))
  const quoted = (...all: string[]) =>
    fc.constantFrom(...all).map((value): Literal => ({ kind: 'string', value, position }))
  switch (field.type) {
    case 'string':
      return fc.oneof(quoted(...nastyTexts, 'checkout', 'errors', '1.2.3', 'TypeError'), words('500', 'true'))
    case 'enumeration':
      return quoted(...(field.values ?? []))
    case 'number':
      return words('0', '-1', '9', '17', '2.5', '100')
    case 'duration':
      return words('0ns', '1ns', '500ms', '0.5s', '-1s', '104d', '9007199254740991ns')
    case 'time':
      return quoted(...instants)
    case 'boolean':
      return words('true', 'false')
    case 'id':
      return quoted(...ids.map((id) => id.slice(0, 2 * (field.bytes ?? 16)).toUpperCase()))
  }
}

const noOrder: readonly ComparisonOperator[] = ['=', '!=']
const order: readonly ComparisonOperator[] = ['<', '<=', '>', '>=']

function fieldTest(field: EventField): fc.Arbitrary<Predicate> {
  const reference = { scope: 'auto', name: field.name, position } as const
  const ordered = !['enumeration', 'boolean', 'id'].includes(field.type)
  const tests = [...conditions(reference, fieldLiteral(field), ordered ? [...noOrder, ...order] : noOrder)]
  if (field.type === 'string') tests.push(...textConditions(reference))
  return fc.oneof(...tests)
}

function conditions(
  field: FieldReference,
  literals: fc.Arbitrary<Literal>,
  operators: readonly ComparisonOperator[],
): readonly fc.Arbitrary<Predicate>[] {
  return [
    fc
      .tuple(fc.constantFrom(...operators), literals)
      .map(([operator, value]): Predicate => ({ kind: 'comparison', field, operator, value, position })),
    fc
      .tuple(fc.constantFrom('in', 'not in'), fc.array(literals, { minLength: 1, maxLength: 4 }))
      .map(([operator, values]): Predicate => ({ kind: 'membership', field, operator, values, position })),
    fc.constant<Predicate>({ kind: 'exists', field, position }),
  ]
}

function textConditions(field: FieldReference): readonly fc.Arbitrary<Predicate>[] {
  const literal = (value: string): Literal => ({ kind: 'string', value, position })
  return [
    fc.tuple(fc.constantFrom('=~', '!~'), fc.constantFrom(...regularExpressions)).map(
      ([operator, value]): Predicate => ({
        kind: 'comparison',
        field,
        operator,
        value: literal(value),
        position,
      }),
    ),
    texts.map(
      (value): Predicate => ({
        kind: 'comparison',
        field,
        operator: 'contains',
        value: literal(value),
        position,
      }),
    ),
  ]
}

const attributeTest: fc.Arbitrary<Predicate> = attributeReference.chain((field) => {
  const ordering = attributeLiteral.filter(
    (literal) =>
      literal.kind !== 'boolean' && !(literal.kind === 'string' && /^(true|false)$/.test(literal.value)),
  )
  return fc.oneof(
    ...conditions(field, attributeLiteral, noOrder),
    ...conditions(field, ordering, order),
    ...textConditions(field),
  )
})

const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  { weight: 3, arbitrary: attributeTest },
  { weight: 2, arbitrary: fc.oneof(...eventFields.map(fieldTest)) },
  {
    weight: 1,
    arbitrary: texts
      .filter((text) => text !== '')
      .map((text): Predicate => ({ kind: 'text', text, position })),
  },
)

/** Predicates that are well typed; nested ones are flat as the parser makes them. */
export const predicates: fc.Arbitrary<Predicate> = fc.letrec<{ any: Predicate; joined: Predicate }>(
  (tie) => ({
    any: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('joined')),
    joined: fc.oneof(
      tie('any').map((item): Predicate => ({ kind: 'not', item, position })),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('any'), { minLength: 2, maxLength: 3 }))
        .map(([kind, items]): Predicate => {
          const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]))
          return { kind, items: flat, position }
        }),
    ),
  }),
).any
