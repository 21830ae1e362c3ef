const categories = 12

/** The category 1..12 of a service: the same on every page and in every session (FNV-1a of the name, then mixed: its low digits alone put three of six services into one). */
export function serviceCategory(service: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < service.length; at++) {
    hash = Math.imul(hash ^ service.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return (((hash ^ (hash >>> 13)) >>> 0) % categories) + 1
}

/** For CSS; canvases look the token up through their palette. */
export function serviceColor(service: string): string {
  return `var(--cat-${serviceCategory(service)})`
}
