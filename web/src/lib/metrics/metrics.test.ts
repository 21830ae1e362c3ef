import { expect, it } from 'vitest'
import { chosenOperation, metricStepMs, operationsOf } from './operations.ts'
import { metricFormat } from './unit.ts'

it.each([
  [{ type: 'sum', monotonic: true }, 'rate'],
  [{ type: 'sum', monotonic: false }, 'sum'],
  [{ type: 'gauge', monotonic: false }, 'avg'],
  [{ type: 'histogram', monotonic: false }, 'percentiles'],
  [{ type: 'exponential_histogram', monotonic: false }, 'percentiles'],
  [{ type: 'summary', monotonic: false }, 'rate'],
] as const)('%o is first read as %s', (metric, id) => expect(operationsOf(metric)[0]?.id).toBe(id))

it('an operation the metric does not have falls back, and groups show one percentile', () => {
  const metric = { type: 'histogram', monotonic: false } as const
  expect(chosenOperation({ type: 'gauge', monotonic: false }, 'p99', false).id).toBe('avg')
  expect(chosenOperation(metric, '', true).id).toBe('p95')
  expect(chosenOperation(metric, 'p99', true).id).toBe('p99')
})

it.each([
  { type: 'histogram', unit: 's', id: 'p95', value: 0.0421, text: '42.1 ms' },
  { type: 'histogram', unit: 'ms', id: 'avg', value: 1300, text: '1.30 s' },
  { type: 'histogram', unit: 's', id: 'rate', value: 86.3, text: '86.3 /s' },
  { type: 'sum', unit: '{request}', id: 'rate', value: 1240, text: '1.24 k request/s' },
  { type: 'sum', unit: 'By', id: 'rate', value: 2048, text: '2.00 KiB/s' },
  { type: 'sum', unit: 's', id: 'rate', value: 0.5, text: '0.500 s/s' },
  { type: 'gauge', unit: '1', id: 'avg', value: 0.25, text: '0.250' },
  { type: 'gauge', unit: '%', id: 'avg', value: 12, text: '12 %' },
] as const)('a $type in $unit under $id writes $value as $text', ({ type, unit, id, value, text }) => {
  const operation = chosenOperation({ type, monotonic: true }, id, false)
  expect(metricFormat({ type, unit }, operation)(value)).toBe(text)
})

it('steps are no shorter than the usual export interval', () =>
  expect([5, 60, 360, 10_080].map((minutes) => metricStepMs(minutes * 60_000) / 1000)).toEqual([
    15, 60, 120, 3600,
  ]))
