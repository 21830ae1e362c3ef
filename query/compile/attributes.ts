import type { AttributeValue } from '../contract.ts'

/** JSON of the engine has null for NaN and the infinities; they are shown as text rather than lost. */
export function parseAttributes(
  text: Readonly<Record<string, string>> = {},
  numbers: Readonly<Record<string, number | null>> = {},
  booleans: Readonly<Record<string, boolean>> = {},
): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = { ...text }
  for (const [key, value] of Object.entries(numbers)) attributes[key] = value ?? 'NaN'
  for (const [key, value] of Object.entries(booleans)) attributes[key] = value
  return attributes
}
