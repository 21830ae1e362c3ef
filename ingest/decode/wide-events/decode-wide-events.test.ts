import { OrielError } from '@oriel/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TableSet } from '../../encode/tables/table-set.ts'
import { type DecodeContext, defaultDecodeLimits } from '../decode-context.ts'
import { decodeWideEvents } from './decode-wide-events.ts'
import { timeOfNumber, timeOfText } from './event-time.ts'

const receivedAtMs = Date.UTC(2026, 10, 23, 12)

function freshContext(): DecodeContext {
  return {
    tenant: 't',
    receivedAtMs,
    limits: defaultDecodeLimits,
    tables: new TableSet(),
    redactor: undefined,
  }
}

const decode = (body: string) => decodeWideEvents(Buffer.from(body), freshContext())

function failure(body: string) {
  try {
    return decode(body)
  } catch (error) {
    if (!(error instanceof OrielError)) throw error
    return { code: error.code, message: error.message }
  }
}

describe('what may be sent', () => {
  const cases = [
    { name: 'one object', body: '{"name":"a"}', accepted: 1, rejected: 0, message: '' },
    {
      name: 'one object over several lines',
      body: '{\n"name":"a"\n}\n',
      accepted: 1,
      rejected: 0,
      message: '',
    },
    { name: 'an array', body: '[{"name":"a"},{}]', accepted: 2, rejected: 0, message: '' },
    { name: 'an empty array', body: '[]', accepted: 0, rejected: 0, message: '' },
    {
      name: 'lines, blank ones between',
      body: '{"a":1}\r\n\n{"a":2}\n',
      accepted: 2,
      rejected: 0,
      message: '',
    },
    {
      name: 'null for anything',
      body: '{"time":null,"name":null,"x":null,"error":null}',
      accepted: 1,
      rejected: 0,
      message: '',
    },
    {
      name: 'a bad line among good ones',
      body: '{"a":1}\n{"a":\n{"a":2}',
      accepted: 2,
      rejected: 1,
      message: '1 event rejected: line 2: a: the document ends too early',
    },
    {
      name: 'a bad first line',
      body: '{"a":x}\n{"a":2}',
      accepted: 1,
      rejected: 1,
      message: '1 event rejected: line 1: a: unexpected "x" at byte 5',
    },
    {
      name: 'an element that is no object',
      body: '[{"a":1},7]',
      accepted: 1,
      rejected: 1,
      message: '1 event rejected: element 1: expected an object, got a number',
    },
    {
      name: 'a wrong type in an element',
      body: '[{"duration_ms":"3"},{}]',
      accepted: 1,
      rejected: 1,
      message: '1 event rejected: element 0: duration_ms: expected a number of milliseconds, got a string',
    },
    {
      name: 'a negative duration',
      body: '[{"duration_ms":-3}]',
      accepted: 0,
      rejected: 1,
      message: '1 event rejected: element 0: duration_ms: expected a number of milliseconds, got -3',
    },
    {
      name: 'an old event',
      body: '{"time":"2020-01-01T00:00:00Z"}',
      accepted: 0,
      rejected: 1,
      message: '1 event rejected: the time is older than the retention of 168 h',
    },
  ]
  test.each(cases)('$name', ({ body, accepted, rejected, message }) => {
    expect(decode(body)).toEqual({ accepted, rejected, message })
  })
})

describe('a document that is not one is refused whole', () => {
  const cases = [
    { name: 'nothing', body: ' ', message: 'the body is empty' },
    {
      name: 'a string',
      body: '"a"',
      message: 'expected an object, an array of objects, or one object per line, got a string',
    },
    { name: 'an array that ends early', body: '[{"a":1},', message: 'the document ends too early' },
    {
      name: 'a pretty-printed object that ends early',
      body: '{\n"a": 1,\n',
      message: 'the document ends too early',
    },
    {
      name: 'one object with a time that is none',
      body: '{"time":"noon"}',
      message: 'time: expected an RFC 3339 time or a number since the epoch, got "noon"',
    },
  ]
  test.each(cases)('$name', ({ body, message }) => {
    expect(failure(body)).toEqual({ code: 'malformed', message })
  })
})

describe('a time is exact to the nanosecond', () => {
  const ns = 1_795_435_200_000_000_000n
  const cases = [
    { name: 'seconds', text: '1795435200', expected: ns },
    { name: 'seconds with a fraction', text: '1795435200.123456789', expected: ns + 123_456_789n },
    { name: 'milliseconds', text: '1795435200001', expected: ns + 1_000_000n },
    { name: 'microseconds', text: '1795435200000001', expected: ns + 1000n },
    { name: 'nanoseconds', text: '1795435200000000001', expected: ns + 1n },
    { name: 'an exponent', text: '1.7954352e9', expected: ns },
    { name: 'a negative number', text: '-1', expected: undefined },
  ]
  test.each(cases)('$name', ({ text, expected }) => {
    expect(timeOfNumber(text)).toBe(expected)
  })

  const texts = [
    { name: 'no fraction', text: '2026-11-23T12:00:00Z', expected: ns },
    { name: 'nine digits and a zone', text: '2026-11-23T13:30:00.000000001+01:30', expected: ns + 1n },
    { name: 'more digits than nine, cut', text: '2026-11-23t12:00:00.0000000019z', expected: ns + 1n },
    { name: 'no zone', text: '2026-11-23T12:00:00', expected: undefined },
    { name: 'a day that does not exist', text: '2026-13-23T12:00:00Z', expected: undefined },
    { name: 'a date alone', text: '2026-11-23', expected: undefined },
  ]
  test.each(texts)('$name', ({ text, expected }) => {
    expect(timeOfText(text)).toBe(expected)
  })
})

test('a long name over many members is refused before it fills the memory', () => {
  const members = Array.from({ length: 10_000 }, (_, index) => `"${index}":1`).join(',')
  const outcome = decode(`[{"${'n'.repeat(100_000)}":{${members}}},{"a":1}]`)
  expect(outcome).toMatchObject({ accepted: 1, rejected: 1 })
  expect(outcome.message).toContain('nested names unfold to more than the maximum')
})

test('any JSON object is an event, and any bytes are read or refused', () => {
  const context = freshContext()
  const objects = fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    decodeWideEvents(Buffer.from(JSON.stringify([value])), context)
  })
  fc.assert(objects, { seed: 20_261_123, numRuns: 500 })
  const hostile = fc.property(
    fc.string({ unit: fc.constantFrom(...'{}[]":,1e-\n"time""error"tru') }),
    (body) => {
      try {
        decodeWideEvents(Buffer.from(body), context)
      } catch (error) {
        if (!(error instanceof OrielError) || error.code !== 'malformed') throw error
      }
    },
  )
  fc.assert(hostile, { seed: 20_261_123, numRuns: 3000 })
})
