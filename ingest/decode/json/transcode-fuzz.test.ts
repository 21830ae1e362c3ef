import { OrielError } from '@oriel/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonInteger } from './json-integer.ts'
import { JsonReader } from './json-reader.ts'
import { otlpJsonToProtobuf } from './transcode.ts'

const seed = 20_261_123

const template = Buffer.from(
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop\u{1f600}\n' } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: '5b8efff798038103d269b633813fc60c',
                startTimeUnixNano: '1544712660000000123',
                attributes: [
                  {
                    key: 'a',
                    value: { arrayValue: { values: [{ intValue: 1 }, { doubleValue: -1.5e-7 }] } },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  }),
)

function survives(body: Uint8Array): boolean {
  try {
    otlpJsonToProtobuf('traces', body)
  } catch (error) {
    if (!(error instanceof OrielError)) throw error
    expect(error.code).toBe('malformed')
    return false
  }
  return true
}

test('a valid document with bytes changed, cut out or doubled is read or refused, never a crash', () => {
  const edit = fc.record({
    at: fc.nat(template.length - 1),
    take: fc.nat(12),
    put: fc.uint8Array({ maxLength: 6 }),
  })
  const run = fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
    let body: Buffer = template
    for (const { at, take, put } of edits) {
      body = Buffer.concat([body.subarray(0, at), put, body.subarray(Math.min(at + take, body.length))])
    }
    survives(body)
  })
  fc.assert(run, { seed, numRuns: 5000 })
})

test('every prefix of a document is refused, the whole is read', () => {
  for (let end = 0; end < template.length; end++) expect(survives(template.subarray(0, end))).toBe(false)
  expect(survives(template)).toBe(true)
})

test('a document is accepted by the reader exactly when JSON.parse accepts it', () => {
  const text = fc.oneof(
    fc.json(),
    fc.string({ unit: fc.constantFrom(...'{}[]",:0123456789.-+eE \\ntrufalsn'), maxLength: 12 }),
  )
  const run = fc.property(text, (json) => {
    expect(readerAccepts(json)).toBe(parseAccepts(json))
  })
  fc.assert(run, { seed, numRuns: 20_000 })
})

function readerAccepts(json: string): boolean {
  try {
    const reader = new JsonReader(Buffer.from(json))
    reader.skip()
    reader.finish()
    return true
  } catch {
    return false
  }
}

function parseAccepts(json: string): boolean {
  try {
    JSON.parse(json)
    return true
  } catch {
    return false
  }
}

test('strings read as JSON.parse reads them, escapes and surrogates included', () => {
  const run = fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (value, escaped) => {
    const plain = JSON.stringify(value)
    const json = escaped
      ? plain.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : plain
    const reader = new JsonReader(Buffer.from(json))
    reader.string()
    expect(reader.textString()).toBe((JSON.parse(json) as string).toWellFormed())
  })
  fc.assert(run, { seed, numRuns: 3000 })
})

test('64-bit integers are exact', () => {
  const integer = new JsonInteger()
  const run = fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
    const text = Buffer.from(value.toString())
    expect(integer.parse(text, 0, text.length)).toBe(true)
    expect(integer.fitsSigned(64)).toBe(value < 2n ** 63n)
    expect(integer.fitsUnsigned(64)).toBe(value >= 0n)
    integer.toTwosComplement()
    expect((BigInt(integer.high) << 32n) | BigInt(integer.low)).toBe(BigInt.asUintN(64, value))
  })
  fc.assert(run, { seed, numRuns: 5000 })
})
