import type { ServiceRed } from '@oriel/query/contract'

export const serviceColumns = {
  service: (row: ServiceRed) => row.service,
  rate: (row: ServiceRed) => row.ratePerS,
  errors: (row: ServiceRed) => row.errorRatio,
  p50: (row: ServiceRed) => row.p50Ns,
  p95: (row: ServiceRed) => row.p95Ns,
  p99: (row: ServiceRed) => row.p99Ns,
} as const

export type ServiceColumn = keyof typeof serviceColumns

export function isServiceColumn(text: string): text is ServiceColumn {
  return Object.hasOwn(serviceColumns, text)
}

/** Names ascending, numbers descending, unknown always last; `reversed` turns the known ones round. */
export function sortServices(
  rows: readonly ServiceRed[],
  column: ServiceColumn,
  reversed: boolean,
): readonly ServiceRed[] {
  const key = serviceColumns[column]
  const turn = reversed ? -1 : 1
  return [...rows].sort((a, b) => {
    const left = key(a)
    const right = key(b)
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    if (typeof left === 'string' || typeof right === 'string')
      return turn * String(left).localeCompare(String(right))
    return turn * (right - left) || a.service.localeCompare(b.service)
  })
}
