/** A time range as the address bar holds it: `now`, `now-15m`, or Unix milliseconds. */
export interface RangeText {
  readonly from: string
  readonly to: string
}

export interface RangeMs {
  readonly fromMs: number
  readonly toMs: number
}

export const defaultRange: RangeText = { from: 'now-1h', to: 'now' }

export const presets: readonly { readonly label: string; readonly from: string }[] = [
  { label: 'Last 5 minutes', from: 'now-5m' },
  { label: 'Last 15 minutes', from: 'now-15m' },
  { label: 'Last 1 hour', from: 'now-1h' },
  { label: 'Last 6 hours', from: 'now-6h' },
  { label: 'Last 24 hours', from: 'now-24h' },
  { label: 'Last 7 days', from: 'now-7d' },
]

const unitMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** One end in Unix milliseconds, or undefined when the text is neither relative, a number nor RFC 3339. */
export function resolveInstant(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs
  const relative = /^now-(\d{1,6})([smhd])$/.exec(text)
  if (relative) return nowMs - Number(relative[1]) * (unitMs[relative[2] ?? ''] ?? 0)
  if (/^\d{10,16}$/.test(text)) return Number(text)
  const parsed = Date.parse(text)
  return Number.isNaN(parsed) ? undefined : parsed
}

/** The range in Unix milliseconds; a text that makes no sense gives the default range. */
export function resolveRange(range: RangeText, nowMs: number): RangeMs {
  const fromMs = resolveInstant(range.from, nowMs)
  const toMs = resolveInstant(range.to, nowMs)
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) {
    return { fromMs: nowMs - 3_600_000, toMs: nowMs }
  }
  return { fromMs, toMs }
}

export function isRelative(range: RangeText): boolean {
  return range.to === 'now' && range.from.startsWith('now-')
}

const unitWords: Readonly<Record<string, string>> = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' }

/** `Last 1 hour`, or undefined for an absolute range (its label needs the zone). */
export function relativeLabel(range: RangeText): string | undefined {
  if (!isRelative(range)) return undefined
  const preset = presets.find((each) => each.from === range.from)
  if (preset) return preset.label
  const match = /^now-(\d+)([smhd])$/.exec(range.from)
  return match ? `Last ${match[1]} ${unitWords[match[2] ?? ''] ?? ''}` : undefined
}

/** How long a range is, short enough for a heading: `1 h`, `15 min`, `7 d`. */
export function spanLabel(range: RangeMs): string {
  const minutes = (range.toMs - range.fromMs) / 60_000
  if (minutes < 1) return `${Math.round(minutes * 60)} s`
  if (minutes < 90 && minutes !== 60) return `${Math.round(minutes)} min`
  const hours = minutes / 60
  return hours <= 48 ? `${Number(hours.toFixed(1))} h` : `${Number((hours / 24).toFixed(1))} d`
}
