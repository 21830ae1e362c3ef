export type Zone = 'local' | 'utc'

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly milli: number
}

function partsOf(ms: number, zone: Zone): Parts {
  const date = new Date(zone === 'utc' ? ms : ms - new Date(ms).getTimezoneOffset() * 60_000)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    milli: date.getUTCMilliseconds(),
  }
}

/** `14:02:31` */
export function formatClock(ms: number, zone: Zone): string {
  const at = partsOf(ms, zone)
  return `${pad(at.hour)}:${pad(at.minute)}:${pad(at.second)}`
}

/** `14:02:31.412` */
export function formatClockMs(ms: number, zone: Zone): string {
  return `${formatClock(ms, zone)}.${pad(partsOf(ms, zone).milli, 3)}`
}

/** `2026-11-23 14:02` */
export function formatMinute(ms: number, zone: Zone): string {
  const at = partsOf(ms, zone)
  return `${at.year}-${pad(at.month)}-${pad(at.day)} ${pad(at.hour)}:${pad(at.minute)}`
}

/** The whole instant with its zone, for a hover: `2026-11-23 14:02:31.412 +01:00`. */
export function formatInstant(ms: number, zone: Zone): string {
  const at = partsOf(ms, zone)
  const offset = zone === 'utc' ? 0 : -new Date(ms).getTimezoneOffset()
  const sign = offset < 0 ? '−' : '+'
  const zoneText =
    offset === 0 ? 'UTC' : `${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
  return `${at.year}-${pad(at.month)}-${pad(at.day)} ${formatClockMs(ms, zone)} ${zoneText}`
}

/** An axis label: seconds only where steps are under a minute, the day where the axis spans more than one. */
export function formatAxis(ms: number, stepMs: number, zone: Zone): string {
  const at = partsOf(ms, zone)
  if (stepMs >= 86_400_000 || (at.hour === 0 && at.minute === 0 && at.second === 0)) {
    return `${pad(at.month)}-${pad(at.day)}`
  }
  const minute = `${pad(at.hour)}:${pad(at.minute)}`
  return stepMs < 60_000 ? `${minute}:${pad(at.second)}` : minute
}

/** Unix milliseconds of a decimal string of nanoseconds. */
export function msOfNs(ns: string): number {
  return Number(ns) / 1e6
}
