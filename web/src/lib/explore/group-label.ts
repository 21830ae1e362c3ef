import type { AggregateGroup } from '@oriel/query/contract'

/** `eu-south · 2.14.0`; a missing field says so; the rest is `other`. */
export function groupLabel(group: Pick<AggregateGroup, 'key' | 'other'>): string {
  if (group.other) return 'other'
  return group.key
    .map((value) => (value === null ? '(missing)' : value === '' ? '""' : String(value)))
    .join(' · ')
}
