import type { MetricInfo } from '@oriel/query/contract'
import { formatDuration } from '../format/duration.ts'
import { formatBytes, formatCount } from '../format/number.ts'
import type { Operation } from './operations.ts'

const timeNs: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  min: 60e9,
  h: 3600e9,
}
const byteSize: Readonly<Record<string, number>> = {
  By: 1,
  kBy: 1e3,
  KiBy: 1024,
  MBy: 1e6,
  MiBy: 1024 ** 2,
  GiBy: 1024 ** 3,
}

/** Writes a value of a metric with its unit (UCUM, as OpenTelemetry names units) under an operation. */
export function metricFormat(
  metric: Pick<MetricInfo, 'type' | 'unit'>,
  operation: Operation,
): (value: number) => string {
  const [part] = operation.parts
  const counts = (part?.op === 'rate' || part?.op === 'increase') && metric.type !== 'sum'
  const per = part?.op === 'rate' ? '/s' : ''
  const unit = counts ? '' : metric.unit
  const time = timeNs[unit]
  if (time !== undefined && per === '') return (value) => formatDuration(value * time)
  const bytes = byteSize[unit]
  if (bytes !== undefined) return (value) => `${formatBytes(value * bytes)}${per}`
  if (unit === '%') return (value) => `${formatCount(value)} %${per}`
  const word = unit === '1' ? '' : unit === 'Cel' ? '°C' : unit.replace(/^\{(.*)\}$/, '$1')
  const suffix = word === '' && per === '' ? '' : ` ${word}${per}`
  return (value) => `${formatCount(value)}${suffix}`
}
