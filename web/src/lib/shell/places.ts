export interface Place {
  readonly label: string
  readonly path: string
  /** Pressed after `g`. */
  readonly key: string
}

/** The rail; a place is listed only when its page exists. */
export const places: readonly { readonly group: string; readonly places: readonly Place[] }[] = [
  {
    group: 'Observe',
    places: [
      { label: 'Services', path: '/services', key: 's' },
      { label: 'Explore', path: '/explore', key: 'e' },
      { label: 'Traces', path: '/traces', key: 't' },
      { label: 'Metrics', path: '/metrics', key: 'm' },
    ],
  },
  { group: 'Platform', places: [{ label: 'Ingest', path: '/ingest', key: 'i' }] },
]
