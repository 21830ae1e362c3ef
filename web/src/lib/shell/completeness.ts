import type { AnswerMeta } from '@oriel/query/contract'
import { formatDuration } from '../format/duration.ts'
import { formatClock, type Zone } from '../format/instant.ts'

export interface Completeness {
  readonly tone: 'ok' | 'warn'
  readonly text: string
  /** One sentence per reason, each with the way out where there is one. */
  readonly reasons: readonly string[]
  /** Said beside the chip, quietly: nothing is wrong, but it is not known either. */
  readonly aside: string
}

/** An answer that is older than this against the end of its range lags (DESIGN: visible within two seconds at p95). */
const lagAllowedMs = 10_000

/** What the chip top right says of an answer. */
export function completeness(meta: AnswerMeta, toMs: number, zone: Zone): Completeness {
  const reasons: string[] = []
  const lagMs = toMs - meta.completeThroughMs
  if (lagMs > lagAllowedMs) {
    reasons.push(
      `complete to ${formatClock(meta.completeThroughMs, zone)}: what was received in the last ${formatDuration(lagMs * 1e6)} is not yet stored; the ingest page shows why`,
    )
  }
  if (meta.sampling === 'weighted') reasons.push('sampled: counts and rates are estimates from weighted rows')
  for (const cut of meta.cuts) reasons.push(`${cut.what} (${cut.limit}): ${cut.advice}`)
  const text = [
    lagMs > lagAllowedMs ? `lags ${formatDuration(lagMs * 1e6)}` : undefined,
    meta.sampling === 'weighted' ? 'sampled' : undefined,
    meta.cuts.length > 0 ? 'cut' : undefined,
  ].filter((word) => word !== undefined)
  const unstated = meta.sampling === 'unknown'
  const aside = unstated ? 'sampling not stated by senders' : ''
  const unstatedReason =
    'senders did not state how they sample (tracestate ot=th): counts are of what was received, real ones may be higher'
  if (text.length > 0)
    return {
      tone: 'warn',
      text: text.join(' · '),
      reasons: unstated ? [...reasons, unstatedReason] : reasons,
      aside,
    }
  return {
    tone: 'ok',
    text: `complete to ${formatClock(Math.min(meta.completeThroughMs, toMs), zone)}`,
    reasons: [
      'everything received before this instant is in the answer',
      ...(unstated ? [unstatedReason] : []),
    ],
    aside,
  }
}
