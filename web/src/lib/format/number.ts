/** Three significant digits, as UI.md principle 3 asks; `—` where there is no number. */
export function significant(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 100) return value.toFixed(0)
  const text = value.toPrecision(3)
  return text.includes('e') ? String(Number(text)) : text
}

const steps = ['', 'k', 'M', 'G', 'T'] as const

function scaled(value: number, base: number): { readonly text: string; readonly step: number } {
  let left = value
  let step = 0
  // 999.7 rounds to four digits: it belongs to the next step.
  while (Math.abs(Number(left.toPrecision(3))) >= base && step < steps.length - 1) {
    left /= base
    step += 1
  }
  return { text: significant(left), step }
}

/** `412`, `1.24 k`: a count for a narrow place; whole below 1,000. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '—'
  if (Math.abs(value) < 1000) return Number.isInteger(value) ? String(value) : significant(value)
  const { text, step } = scaled(value, 1000)
  return `${text} ${steps[step]}`
}

/** `310,412`: every digit. */
export function formatExact(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '—'
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 })
}

/** `1.24 k/s`, `86.3 /s`. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return '—'
  const { text, step } = scaled(perSecond, 1000)
  return `${text} ${steps[step]}/s`
}

/** A ratio 0..1 as percent; unknown is a word, never 0. */
export function formatRatio(ratio: number | null): string {
  if (ratio === null || !Number.isFinite(ratio)) return 'unknown'
  if (ratio > 0 && ratio < 0.0001) return '< 0.01 %'
  const percent = ratio * 100
  return `${percent >= 10 ? significant(percent) : percent.toFixed(2)} %`
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return '—'
  if (bytes < 1000) return `${Math.round(bytes)} B`
  let left = bytes
  let step = 0
  while (Number(left.toPrecision(3)) >= 1000 && step < byteUnits.length - 1) {
    left /= 1024
    step += 1
  }
  return `${significant(left)} ${byteUnits[step]}`
}
