/** Looks colours of tokens.css up for a canvas. Naming the theme makes the caller follow a change of it. */
export function readPalette(theme: 'dark' | 'light'): (token: string) => string {
  const root = document.documentElement
  root.dataset.theme = theme
  const style = getComputedStyle(root)
  const known = new Map<string, string>()
  return (token) => {
    const before = known.get(token)
    if (before !== undefined) return before
    const color = style.getPropertyValue(token).trim()
    known.set(token, color)
    return color
  }
}
