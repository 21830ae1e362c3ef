/** Whole seconds of a nanosecond timestamp given as two 32-bit halves; exact, which a double of nanoseconds is not. */
export function epochSeconds(low: number, high: number): number {
  const thousands = high * 294
  const rest = (thousands % 1000) * 1e6 + high * 967_296 + low
  return 4 * high + Math.floor(thousands / 1000) + Math.floor(rest / 1e9)
}
