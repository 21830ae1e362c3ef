/** RFC 3339 with up to nine digits of a second; more are cut. */
const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/
const decimal = /^(\d+)(?:\.(\d+))?$/

/** Nanoseconds since the epoch; undefined when the text is no RFC 3339 time. */
export function timeOfText(text: string): bigint | undefined {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [, day, clock, fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${day}T${clock}${zone.toUpperCase()}`)
  if (Number.isNaN(ms) || ms < 0) return undefined
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
}

/** A number since the epoch, its unit told by its size: seconds below 1e11, then milliseconds, microseconds, nanoseconds. */
export function timeOfNumber(text: string): bigint | undefined {
  const match = decimal.exec(text)
  if (match === null) {
    const value = Number(text)
    return value >= 0 && value < 1e20 ? timeOfNumber(BigInt(Math.round(value)).toString()) : undefined
  }
  const [, whole = '0', fraction = ''] = match
  const digits = whole.replace(/^0+/, '').length
  if (digits > 20) return undefined
  const scale = digits <= 11 ? 9 : digits <= 14 ? 6 : digits <= 17 ? 3 : 0
  return BigInt(whole) * 10n ** BigInt(scale) + BigInt(fraction.padEnd(scale, '0').slice(0, scale) || '0')
}
