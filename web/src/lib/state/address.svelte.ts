import { goto } from '$app/navigation'
import { page } from '$app/state'
import { defaultRange, isRelative, type RangeMs, type RangeText, resolveRange } from '../time/range.ts'

const shared = ['from', 'to', 'q', 'live']
const zooms: RangeText[] = []

/** Everything a view shows is in its address; this reads and writes it. */
class Address {
  /** Grows when live asks for newer data. */
  tick = $state(0)
  // Strings: another parameter in the address does not change them, so nothing that reads the range is asked again.
  readonly #from = $derived(this.get('from') || defaultRange.from)
  readonly #to = $derived(this.get('to') || defaultRange.to)
  readonly #where = $derived(this.get('q'))
  readonly #live = $derived(this.get('live') === '1')

  get range(): RangeText {
    return { from: this.#from, to: this.#to }
  }

  get where(): string {
    return this.#where
  }

  get live(): boolean {
    return this.#live && isRelative(this.range)
  }

  get(name: string): string {
    return page.url.searchParams.get(name) ?? ''
  }

  /** The range in milliseconds as of now; reading it inside an effect follows the range and live. */
  rangeMs(): RangeMs {
    void this.tick
    return resolveRange(this.range, Date.now())
  }

  /** Empty values leave the address. */
  set(changes: Readonly<Record<string, string>>, how: 'push' | 'replace' = 'push'): void {
    const url = new URL(page.url.href)
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') url.searchParams.delete(name)
      else url.searchParams.set(name, value)
    }
    if (url.search === page.url.search) return
    void goto(url, { replace: how === 'replace', reset: false })
  }

  zoom(fromMs: number, toMs: number): void {
    zooms.push(this.range)
    this.set({ from: String(Math.floor(fromMs)), to: String(Math.ceil(toMs)), live: '' })
  }

  undoZoom(): void {
    const before = zooms.pop()
    if (before) this.set({ from: before.from, to: before.to })
  }

  /** A path with the time range (and, where it makes sense, the predicate) carried over. */
  link(path: string, changes: Readonly<Record<string, string>> = {}): string {
    const params = new URLSearchParams()
    for (const name of shared) if (this.get(name)) params.set(name, this.get(name))
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') params.delete(name)
      else params.set(name, value)
    }
    const search = params.toString()
    return search ? `${path}?${search}` : path
  }
}

export const address = new Address()
