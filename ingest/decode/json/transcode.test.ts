import { OrielError } from '@oriel/core'
import { describe, expect, test } from 'vitest'
import type { OtlpSignal } from './otlp-messages.ts'
import { otlpJsonToProtobuf } from './transcode.ts'

function hex(json: string, signal: OtlpSignal = 'traces'): string {
  return Buffer.from(otlpJsonToProtobuf(signal, Buffer.from(json))).toString('hex')
}

function failure(json: string | Buffer, signal: OtlpSignal = 'traces'): string {
  try {
    otlpJsonToProtobuf(signal, Buffer.from(json))
  } catch (error) {
    if (error instanceof OrielError && error.code === 'malformed') return error.message
    throw error
  }
  return 'no error'
}

const span = (members: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[{${members}}]}]}]}`
const point = (members: string) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{${members}}]}}]}]}]}`
const histogramPoint = (members: string) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"histogram":{"dataPoints":[{${members}}]}}]}]}]}`
const attribute = (value: string) => span(`"attributes":[{"key":"k","value":${value}}]`)

/** The bytes of the innermost message: its own length and the enclosing headers are cut off. */
function inner(json: string, levels: number, signal: OtlpSignal = 'traces'): string {
  let bytes = Buffer.from(otlpJsonToProtobuf(signal, Buffer.from(json)))
  for (let level = 0; level < levels; level++) {
    let at = 1
    while ((bytes[at] ?? 0) > 127) at++
    bytes = bytes.subarray(at + 1)
  }
  return bytes.toString('hex')
}
const spanHex = (members: string) => inner(span(members), 3)
const pointHex = (members: string) => inner(point(members), 5, 'metrics')
const valueHex = (value: string) => inner(attribute(value), 4).slice('0a016b1200'.length)

describe('a field becomes the same bytes as in protobuf', () => {
  const cases = [
    {
      name: 'a trace id in lower case',
      json: '"traceId":"5b8efff798038103d269b633813fc60c"',
      bytes: '0a105b8efff798038103d269b633813fc60c',
    },
    {
      name: 'a trace id in upper case',
      json: '"traceId":"5B8EFFF798038103D269B633813FC60C"',
      bytes: '0a105b8efff798038103d269b633813fc60c',
    },
    { name: 'an empty id', json: '"parentSpanId":""', bytes: '2200' },
    { name: 'a short id, for the decoder to reject', json: '"spanId":"ee"', bytes: '1201ee' },
    {
      name: 'nanoseconds as a string, exact',
      json: '"startTimeUnixNano":"1544712660000000123"',
      bytes: `39${fixed64(1544712660000000123n)}`,
    },
    {
      name: 'nanoseconds as a number, exact',
      json: '"startTimeUnixNano":1544712660000000123',
      bytes: `39${fixed64(1544712660000000123n)}`,
    },
    {
      name: 'the greatest 64-bit time',
      json: '"endTimeUnixNano":18446744073709551615',
      bytes: '41ffffffffffffffff',
    },
    {
      name: 'leading zeros in a string',
      json: '"endTimeUnixNano":"00000000000000000000000007"',
      bytes: '410700000000000000',
    },
    {
      name: 'a whole number with an exponent',
      json: '"startTimeUnixNano":1.5e3',
      bytes: `39${fixed64(1500n)}`,
    },
    { name: 'a kind as a number', json: '"kind":2', bytes: '3002' },
    { name: 'a kind by name', json: '"kind":"SPAN_KIND_SERVER"', bytes: '3002' },
    { name: 'a kind nobody knows yet', json: '"kind":99', bytes: '3063' },
    { name: 'a status code by name', json: '"status":{"code":"STATUS_CODE_ERROR"}', bytes: '7a021802' },
    { name: 'flags of 32 bits with a two-byte tag', json: '"flags":4294967295', bytes: '8501ffffffff' },
    {
      name: 'null as the default',
      json: '"name":null,"kind":null,"attributes":null,"status":null',
      bytes: '',
    },
    {
      name: 'snake_case as an unknown field',
      json: '"trace_id":"zz","start_time_unix_nano":true',
      bytes: '',
    },
    {
      name: 'unknown fields of any shape',
      json: '"x":{"y":[1,{"z":null}],"":"\\n"},"name":"a","q":[[]]',
      bytes: '2a0161',
    },
    { name: 'an escaped field name', json: '"\\u006eame":"a"', bytes: '2a0161' },
    {
      name: 'escapes in a string',
      json: '"name":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"',
      bytes: '2a0a225c2f080c0a0d09c3a9',
    },
    { name: 'a surrogate pair', json: '"name":"\\ud83d\\ude00"', bytes: '2a04f09f9880' },
    { name: 'a lone surrogate as U+FFFD', json: '"name":"\\ud83dx\\ude00"', bytes: '2a07efbfbd78efbfbd' },
    { name: 'a scalar twice: the last wins', json: '"name":"first","name":"b"', bytes: '2a0162' },
    {
      name: 'a scalar and then null: the default',
      json: '"name":"first","kind":1,"name":null',
      bytes: '3001',
    },
    {
      name: 'a list twice: the last wins, not both',
      json: '"attributes":[{"key":"a"}],"kind":1,"attributes":[{"key":"b"}]',
      bytes: '30014a030a0162',
    },
    {
      name: 'a message twice: the last wins, not merged',
      json: '"status":{"message":"m"},"status":{"code":1}',
      bytes: '7a021801',
    },
    { name: 'white space everywhere', json: ' \n\t\r "name" \n : \t "a" ', bytes: '2a0161' },
  ]
  test.each(cases)('$name', ({ json, bytes }) => {
    expect(spanHex(json)).toBe(bytes)
  })
})

function fixed64(value: bigint): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return bytes.toString('hex')
}

function double(value: number): string {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes.toString('hex')
}

describe('an attribute value keeps its type', () => {
  const cases = [
    { name: 'a string', json: '{"stringValue":"v"}', bytes: '0a0176' },
    { name: 'an empty string, which is not no value', json: '{"stringValue":""}', bytes: '0a00' },
    { name: 'false', json: '{"boolValue":false}', bytes: '1000' },
    { name: 'an integer as a string', json: '{"intValue":"300"}', bytes: '18ac02' },
    {
      name: 'the least 64-bit integer',
      json: '{"intValue":-9223372036854775808}',
      bytes: '1880808080808080808001',
    },
    { name: 'minus one', json: '{"intValue":"-1"}', bytes: '18ffffffffffffffffff01' },
    {
      name: 'the greatest 64-bit integer',
      json: '{"intValue":9223372036854775807}',
      bytes: '18ffffffffffffffff7f',
    },
    { name: 'a double', json: '{"doubleValue":1.5}', bytes: `21${double(1.5)}` },
    { name: 'minus zero', json: '{"doubleValue":-0}', bytes: `21${double(-0)}` },
    { name: 'NaN', json: '{"doubleValue":"NaN"}', bytes: `21${double(Number.NaN)}` },
    { name: 'minus infinity', json: '{"doubleValue":"-Infinity"}', bytes: `21${double(-Infinity)}` },
    { name: 'a double as a string', json: '{"doubleValue":"-2.5e-3"}', bytes: `21${double(-0.0025)}` },
    { name: 'bytes in base64', json: '{"bytesValue":"AQID"}', bytes: '3a03010203' },
    {
      name: 'an array that keeps the place of null',
      json: '{"arrayValue":{"values":[{"intValue":1},null]}}',
      bytes: '2a060a0218010a00',
    },
    {
      name: 'a nested list of keys',
      json: '{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}}]}}',
      bytes: '32090a070a016112021001',
    },
    { name: 'nothing', json: '{}', bytes: '' },
    { name: 'a profile-only field, ignored', json: '{"stringValueStrindex":4}', bytes: '' },
  ]
  test.each(cases)('$name', ({ json, bytes }) => {
    expect(valueHex(json)).toBe(bytes)
  })
})

describe('a data point', () => {
  const cases = [
    { name: 'keeps a negative integer value', json: '"asInt":"-5"', bytes: '31fbffffffffffffff' },
    { name: 'keeps a double value written as an integer', json: '"asDouble":3', bytes: `21${double(3)}` },
    {
      name: 'reads exemplar ids as hexadecimal',
      json: '"exemplars":[{"spanId":"00AA","traceId":"01"}]',
      bytes: '2a07220200aa2a0101',
    },
  ]
  test.each(cases)('$name', ({ json, bytes }) => {
    expect(pointHex(json)).toBe(bytes)
  })

  test('writes repeated numbers packed, from strings and numbers alike', () => {
    const bytes = inner(histogramPoint('"bucketCounts":["1",2],"explicitBounds":[0.5,"1e3"]'), 5, 'metrics')
    expect(bytes).toBe(`3210${fixed64(1n)}${fixed64(2n)}3a10${double(0.5)}${double(1000)}`)
  })
})

test('a message longer than 127 bytes gets a length of the shortest form', () => {
  const name = 'n'.repeat(20_000)
  const bytes = otlpJsonToProtobuf('traces', Buffer.from(span(`"name":"${name}"`)))
  expect(Buffer.from(bytes).toString('latin1')).toContain(`${'\x2a\xa0\x9c\x01'}${name}`)
})

test('an empty request and empty envelopes are requests', () => {
  expect(hex('{}')).toBe('')
  expect(hex(' {"resourceSpans":[]} ')).toBe('')
  expect(hex('{"resourceLogs":[{"scopeLogs":[{}]}]}', 'logs')).toBe('0a021200')
})

test('a byte order mark is skipped and invalid UTF-8 becomes U+FFFD', () => {
  const json = Buffer.concat([
    Buffer.from('\uFEFF{"resourceSpans":[{"schemaUrl":"'),
    Buffer.from([0x61, 0xff]),
    Buffer.from('"}]}'),
  ])
  expect(Buffer.from(otlpJsonToProtobuf('traces', json)).toString('hex')).toBe('0a061a0461efbfbd')
})

describe('what breaks the rules is refused with its place', () => {
  const at = 'resourceSpans[0].scopeSpans[0].spans[0]'
  const cases = [
    { name: 'an empty body', json: '', message: 'the body is empty; an empty request is {}' },
    { name: 'a blank body', json: ' \n', message: 'the body is empty; an empty request is {}' },
    { name: 'a list as the document', json: '[]', message: 'expected an object, got an array' },
    {
      name: 'content after the document',
      json: '{} {}',
      message: 'unexpected content after the document at byte 3',
    },
    {
      name: 'a wrong type for a time',
      json: span('"startTimeUnixNano":true'),
      message: `${at}.startTimeUnixNano: expected an integer, got true`,
    },
    {
      name: 'a fraction for an integer',
      json: span('"startTimeUnixNano":1.5'),
      message: `${at}.startTimeUnixNano: expected an integer, got "1.5"`,
    },
    {
      name: 'words for an integer',
      json: span('"startTimeUnixNano":"soon"'),
      message: `${at}.startTimeUnixNano: expected an integer, got "soon"`,
    },
    {
      name: 'a negative time',
      json: span('"startTimeUnixNano":-1'),
      message: `${at}.startTimeUnixNano: integer out of range for fixed64`,
    },
    {
      name: 'a 65-bit time',
      json: span('"startTimeUnixNano":18446744073709551616'),
      message: `${at}.startTimeUnixNano: integer out of range`,
    },
    {
      name: 'a number for a string',
      json: span('"name":7'),
      message: `${at}.name: expected a string, got a number`,
    },
    {
      name: 'an object for a list',
      json: span('"events":{}'),
      message: `${at}.events: expected an array, got an object`,
    },
    {
      name: 'a string in a list of objects',
      json: span('"events":[{},"x"]'),
      message: `${at}.events[1]: expected an object, got a string`,
    },
    {
      name: 'an unknown enum name',
      json: span('"kind":"SERVER"'),
      message: `${at}.kind: expected a number or a known name, got "SERVER"`,
    },
    {
      name: 'a base64 trace id',
      json: span('"traceId":"W47/95gDgQPSabYzgT/GDA=="'),
      message: `${at}.traceId: ids are hexadecimal in OTLP/JSON, not base64, got "W47/95gDgQPSabYzgT/GDA=="`,
    },
    {
      name: 'an id with half a byte',
      json: span('"spanId":"abc"'),
      message: `${at}.spanId: ids are hexadecimal in OTLP/JSON, not base64, got "abc"`,
    },
    {
      name: 'bytes that are not base64',
      json: attribute('{"bytesValue":"*"}'),
      message: `${at}.attributes[0].value.bytesValue: expected base64`,
    },
    {
      name: 'a bool as a string',
      json: attribute('{"boolValue":"true"}'),
      message: `${at}.attributes[0].value.boolValue: expected true or false, got a string`,
    },
    {
      name: 'an attribute integer of 64 bits without sign',
      json: attribute('{"intValue":"9223372036854775808"}'),
      message: `${at}.attributes[0].value.intValue: integer out of range for int64`,
    },
    {
      name: 'a double that is no number',
      json: attribute('{"doubleValue":"1,5"}'),
      message: `${at}.attributes[0].value.doubleValue: expected a number, got "1,5"`,
    },
    {
      name: 'a document that ends early',
      json: '{"resourceSpans":[{',
      message: 'resourceSpans[0]: the document ends too early',
    },
    {
      name: 'a string that ends early',
      json: '{"resourceSpans',
      message: 'the document ends inside a string',
    },
    { name: 'a trailing comma', json: '{"resourceSpans":[],}', message: 'unexpected "}" at byte 20' },
    {
      name: 'a bad escape',
      json: span('"name":"\\x"'),
      message: `${at}.name: bad escape in the string at byte 52`,
    },
    {
      name: 'a control character in a string',
      json: span('"name":"\n"'),
      message: `${at}.name: control character 10 in a string at byte 52`,
    },
    {
      name: 'a number with a leading zero',
      json: span('"kind":01'),
      message: `${at}.kind: a number may not start with 0 at byte 51`,
    },
    { name: 'half a number', json: span('"kind":1.'), message: `${at}.kind: unexpected "}" at byte 53` },
    {
      name: 'a word that is none',
      json: span('"kind":nul'),
      message: `${at}.kind: unexpected word at byte 51`,
    },
  ]
  test.each(cases)('$name', ({ json, message }) => {
    expect(failure(json)).toBe(message)
  })

  test('nesting deeper than the maximum, in known and unknown fields', () => {
    const deep = '['.repeat(100_000)
    expect(failure(`{"x":${deep}`)).toContain('nesting exceeds the maximum 200')
    const values = '{"arrayValue":{"values":['.repeat(300)
    expect(failure(attribute(values))).toContain('nesting exceeds the maximum 200')
  })

  test('repeated keys that would make the reader look back for ever', () => {
    const events = `"events":[${'{"name":"aaaaaaaaaaaaaaaa"},'.repeat(2000)}{}]`
    expect(failure(span(`${events},${'"name":"a",'.repeat(200)}"kind":1`))).toBe(
      'resourceSpans[0].scopeSpans[0].spans[0]: too many repeated keys',
    )
  })
})
