import { metricTypes, signals, spanKinds, statuses, temporalities } from '@oriel/core'

/** The Enum8 type of a numbering, spelt as the schema spells it. */
export function enumType(numbering: Readonly<Record<string, number>>): string {
  return `Enum8(${Object.entries(numbering)
    .map(([name, value]) => `'${name}' = ${value}`)
    .join(', ')})`
}

export const signalType = enumType(signals)
export const kindType = enumType(spanKinds)
export const statusType = enumType(statuses)
export const metricTypeType = enumType(metricTypes)
export const temporalityType = enumType(temporalities)
export const valueTypeType = enumType({ none: 0, double: 1, int: 2 })
export const catalogueScopes = { attribute: 1, resource: 2 } as const
export const scopeType = enumType(catalogueScopes)
export const attributeTypes = { string: 1, number: 2, bool: 3 } as const
export const attributeTypeType = enumType(attributeTypes)
export const ledgerSignals = { ...signals, metric: 4 } as const
export const ledgerSignalType = enumType(ledgerSignals)
export const outcomes = { accepted: 1, rejected: 2, resent: 3, refused: 4 } as const
export const outcomeType = enumType(outcomes)
