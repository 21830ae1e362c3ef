import { formatDurationMs, OrielError } from '@oriel/core'
import type { TimeRange } from '../contract.ts'

/** Half open, Unix milliseconds. */
export interface ResolvedRange {
  readonly fromMs: number
  readonly toMs: number
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Throws invalid_argument: not an instant, empty, or longer than query.rangeMax. */
export function resolveRange(range: TimeRange, nowMs: number, rangeMaxMs: number): ResolvedRange {
  const fromMs = resolveInstant('from', range.from, nowMs)
  const toMs = resolveInstant('to', range.to, nowMs)
  if (fromMs >= toMs) {
    throw new OrielError('invalid_argument', `time range is empty: from ${fromMs} is not before to ${toMs}`)
  }
  if (toMs - fromMs > rangeMaxMs) {
    const length = formatDurationMs(Math.round((toMs - fromMs) / 60_000) * 60_000)
    throw new OrielError(
      'invalid_argument',
      `time range ${length} exceeds the maximum ${formatDurationMs(rangeMaxMs)} (query.rangeMax)`,
    )
  }
  return { fromMs, toMs }
}

/** Unix milliseconds, RFC 3339, `now`, or relative to now such as `now-15m`. */
export function resolveInstant(name: string, given: number | string, nowMs: number): number {
  const value = typeof given === 'number' ? given : parseInstant(given.trim(), nowMs)
  // DateTime64(9) ends in 2262
  if (value === undefined || !Number.isFinite(value) || value < 0 || value > 9_223_372_036_000) {
    throw new OrielError(
      'invalid_argument',
      `${name} "${given}" is not an instant such as now-1h, 2026-01-31T12:00:00Z or Unix ms`,
    )
  }
  return Math.floor(value)
}

function parseInstant(text: string, nowMs: number): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const relative = /^now(?:([+-])(\d+)(ms|s|m|h|d|w))?$/.exec(text)
  if (relative !== null) {
    const [, sign, amount = '0', unit = 'ms'] = relative
    return nowMs + (sign === '-' ? -1 : 1) * Number(amount) * (units[unit] ?? 1)
  }
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined
  const parsed = Date.parse(text)
  return Number.isNaN(parsed) ? undefined : parsed
}
