export type Signal = 'span' | 'log' | 'event'

export const signals: readonly { readonly signal: Signal; readonly label: string }[] = [
  { signal: 'span', label: 'Spans' },
  { signal: 'log', label: 'Logs' },
  { signal: 'event', label: 'Events' },
]

/** From the address, `span,log`; undefined asks for all. */
export function signalsOf(text: string): readonly Signal[] | undefined {
  const chosen = signals.map((each) => each.signal).filter((signal) => text.split(',').includes(signal))
  return chosen.length === 0 || chosen.length === signals.length ? undefined : chosen
}

/** The address after one signal is switched on or off. */
export function toggleSignal(text: string, signal: Signal): string {
  const all = signals.map((each) => each.signal)
  const before = signalsOf(text) ?? all
  const after = all.filter((each) => (each === signal ? !before.includes(each) : before.includes(each)))
  return after.length === 0 || after.length === all.length ? '' : after.join(',')
}
