import { significant } from './number.ts'

const units = [
  { unit: 'ns', ns: 1 },
  { unit: 'µs', ns: 1e3 },
  { unit: 'ms', ns: 1e6 },
  { unit: 's', ns: 1e9 },
] as const

/** `812 µs`, `4.21 ms`, `1.30 s`, `2 m 04 s`, `1 h 48 m`, `3 d 4 h`. */
export function formatDuration(ns: number | null): string {
  if (ns === null || !Number.isFinite(ns)) return '—'
  if (ns < 0) return `−${formatDuration(-ns)}`
  const seconds = Math.round(ns / 1e9)
  if (seconds >= 60) return formatLong(seconds)
  for (const { unit, ns: size } of units) {
    const value = ns / size
    const limit = unit === 's' ? 60 : 1000
    if (Number(value.toPrecision(3)) < limit)
      return `${unit === 'ns' ? Math.round(value) : significant(value)} ${unit}`
  }
  return formatLong(seconds)
}

function formatLong(seconds: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`
  const hours = Math.round(minutes / 60)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** The exact value for a hover: `4,213,007 ns`. */
export function formatExactNs(ns: string): string {
  return `${ns.replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ns`
}
