import { describe, expect, it } from 'vitest'
import { formatDuration } from './duration.ts'
import { formatInstant } from './instant.ts'
import { formatBytes, formatCount, formatRate, formatRatio } from './number.ts'

describe('durations have three significant digits and a unit', () => {
  it.each([
    [0, '0 ns'],
    [812, '812 ns'],
    [812_000, '812 µs'],
    [4_213_007, '4.21 ms'],
    [999_700_000, '1.00 s'],
    [1_300_000_000, '1.30 s'],
    [59_990_000_000, '1 m 00 s'],
    [124_000_000_000, '2 m 04 s'],
    [6_480_000_000_000, '1 h 48 m'],
    [3_599_900_000_000, '1 h 00 m'],
    [273_600_000_000_000, '3 d 4 h'],
    [-5_000_000, '−5.00 ms'],
  ])('%d ns is %s', (ns, expected) => expect(formatDuration(ns)).toBe(expected))

  it.each([null, Number.NaN, Number.POSITIVE_INFINITY])('%s is a dash', (ns) =>
    expect(formatDuration(ns)).toBe('—'),
  )
})

describe('numbers', () => {
  it.each([
    [412, '412'],
    [1240, '1.24 k'],
    [999_700, '1.00 M'],
    [310_412, '310 k'],
  ])('count %d is %s', (value, expected) => expect(formatCount(value)).toBe(expected))

  it('rates carry their unit', () =>
    expect([formatRate(1240), formatRate(86.3), formatRate(null)]).toEqual(['1.24 k/s', '86.3 /s', '—']))

  it('an unknown ratio is a word and a tiny one is not zero', () =>
    expect([
      formatRatio(0.0381),
      formatRatio(null),
      formatRatio(0),
      formatRatio(0.00001),
      formatRatio(0.786),
    ]).toEqual(['3.81 %', 'unknown', '0.00 %', '< 0.01 %', '78.6 %']))

  it('bytes move up before they have four digits', () =>
    expect([formatBytes(512), formatBytes(1000), formatBytes(84_000_000)]).toEqual([
      '512 B',
      '0.977 KiB',
      '80.1 MiB',
    ]))
})

it('an instant names its zone', () => expect(formatInstant(0, 'utc')).toBe('1970-01-01 00:00:00.000 UTC'))
