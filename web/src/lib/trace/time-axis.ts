/** Round ticks (1, 2 or 5 times a power of ten, nanoseconds) inside from..to, at most `most`. */
export function axisTicks(from: number, to: number, most: number): readonly number[] {
  const span = to - from
  if (!(span > 0) || most < 1) return []
  const rough = span / most
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const ticks: number[] = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at)
  return ticks
}

/** A window scaled by `factor` round `center`, kept inside 0..duration and no shorter than 1 µs. */
export function zoomWindow(
  window: { readonly from: number; readonly to: number },
  factor: number,
  bounds: { readonly center: number; readonly duration: number },
): { readonly from: number; readonly to: number } {
  const width = Math.min(bounds.duration, Math.max(1000, (window.to - window.from) * factor))
  const share = (bounds.center - window.from) / (window.to - window.from || 1)
  const from = Math.max(0, Math.min(bounds.duration - width, bounds.center - share * width))
  return { from, to: from + width }
}
