export type RedactDecision = 'keep' | 'drop' | 'mask'

/** Replaces a masked value; the key stays, so that one sees that something was there. */
export const maskText = '[redacted]'

/**
 * Decides per attribute key, before anything reaches the journal. Asked only when a redactor is set: without rules the
 * path pays one comparison with undefined. `keyBytes[start, end)` is the key as received.
 */
export interface Redactor {
  decide(keyBytes: Uint8Array, start: number, end: number): RedactDecision
}
