/** The path of a sparkline in a box of width × height; a null is a gap, not a zero. */
export function sparklinePath(
  values: readonly (number | null)[],
  box: { readonly width: number; readonly height: number },
  max: number = peak(values),
): string {
  const step = values.length > 1 ? box.width / (values.length - 1) : box.width
  const top = max > 0 ? max : 1
  let path = ''
  let pen = 'M'
  values.forEach((value, at) => {
    if (value === null) {
      pen = 'M'
      return
    }
    const y = box.height - 1 - (Math.min(value, top) / top) * (box.height - 2)
    path += `${pen}${(at * step).toFixed(1)} ${y.toFixed(1)}`
    // A lone point between two gaps would draw nothing.
    if (pen === 'M' && (values[at + 1] ?? null) === null) path += 'h0.01'
    pen = 'L'
  })
  return path
}

function peak(values: readonly (number | null)[]): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0)
}
