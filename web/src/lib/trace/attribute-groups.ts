import type { AttributeValue } from '@oriel/query/contract'

export interface AttributeGroup {
  readonly name: string
  readonly attributes: Readonly<Record<string, AttributeValue>>
}

/** By the part before the first dot, `other` last; `search` looks in keys and values. */
export function groupAttributes(
  attributes: Readonly<Record<string, AttributeValue>>,
  search: string,
): readonly AttributeGroup[] {
  const wanted = search.trim().toLowerCase()
  const groups = new Map<string, Record<string, AttributeValue>>()
  for (const [key, value] of Object.entries(attributes)) {
    if (wanted && !`${key} ${value}`.toLowerCase().includes(wanted)) continue
    const dot = key.indexOf('.')
    const name = dot > 0 ? key.slice(0, dot) : 'other'
    groups.set(name, { ...groups.get(name), [key]: value })
  }
  return [...groups]
    .map(([name, members]) => ({ name, attributes: members }))
    .sort((a, b) => Number(a.name === 'other') - Number(b.name === 'other') || a.name.localeCompare(b.name))
}
