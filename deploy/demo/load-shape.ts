export const loadShapes = ['steady', 'spiky'] as const
export type LoadShape = (typeof loadShapes)[number]

const steadyPerS = 6
const minuteMs = 60_000

/**
 * Shoppers per second at an instant. `steady` breathes by a fifth over ten minutes;
 * `spiky` triples for the first minute of every five and is eightfold for one minute of every twenty.
 */
export function shoppersPerS(shape: LoadShape, atMs: number): number {
  const minute = Math.floor(atMs / minuteMs)
  const breath = 1 + 0.2 * Math.sin((2 * Math.PI * atMs) / (10 * minuteMs))
  if (shape === 'steady') return steadyPerS * breath
  if (minute % 20 === 7) return steadyPerS * 8
  return minute % 5 === 0 ? steadyPerS * 3 : steadyPerS * breath
}
