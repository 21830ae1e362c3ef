import type { Zone } from '../format/instant.ts'

export type Theme = 'dark' | 'light' | 'system'

function stored(key: string): string | null {
  try {
    return localStorage.getItem(`oriel.${key}`)
  } catch {
    return null
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(`oriel.${key}`, value)
  } catch {
    // A browser without storage keeps the setting for this page only.
  }
}

const storedTheme = stored('theme')
const systemLight = matchMedia('(prefers-color-scheme: light)')

/** What a person chooses for themselves; it stays in this browser and never in the address. */
class PersonalSettings {
  theme = $state<Theme>(storedTheme === 'light' || storedTheme === 'system' ? storedTheme : 'dark')
  zone = $state<Zone>(stored('zone') === 'utc' ? 'utc' : 'local')
  railFolded = $state(stored('rail') === 'folded')
  #systemIsLight = $state(systemLight.matches)

  constructor() {
    systemLight.addEventListener('change', (event) => {
      this.#systemIsLight = event.matches
    })
  }

  get shownTheme(): 'dark' | 'light' {
    if (this.theme === 'system') return this.#systemIsLight ? 'light' : 'dark'
    return this.theme
  }

  chooseTheme(theme: Theme): void {
    this.theme = theme
    store('theme', theme)
  }

  chooseZone(zone: Zone): void {
    this.zone = zone
    store('zone', zone)
  }

  foldRail(folded: boolean): void {
    this.railFolded = folded
    store('rail', folded ? 'folded' : 'open')
  }
}

export const settings = new PersonalSettings()
