import { OrielProcess } from '../harness/oriel-process.ts'
import { runSender } from './run-sender.ts'

const loadSpansPerS = 50_000
const gapMs = 250

interface SearchAnswer {
  readonly events: readonly unknown[]
}

/** From the moment a marked event is sent to the moment a query returns it, beside half the load of the ingest bar. */
export async function run({ seconds }: { readonly seconds: number }): Promise<Record<string, number>> {
  const oriel = await OrielProcess.start()
  try {
    const load = runSender(oriel.otlpUrl, seconds + 5, loadSpansPerS)
    await new Promise((resolve) => setTimeout(resolve, 5000))
    const endMs = performance.now() + seconds * 1000
    const waits: number[] = []
    for (let round = 0; performance.now() < endMs; round += 1) {
      waits.push(await visibleAfterMs(oriel, `mark-${round}-${process.pid}`))
      await new Promise((resolve) => setTimeout(resolve, gapMs))
    }
    const { acknowledged, seconds: sendingS } = await load
    waits.sort((a, b) => a - b)
    const at = (ratio: number) => Math.round(waits[Math.floor(waits.length * ratio)] ?? 0)
    const loadPerS = Math.round(acknowledged / sendingS)
    return { p50_ms: at(0.5), p95_ms: at(0.95), samples: waits.length, load_spans_per_s: loadPerS }
  } finally {
    await oriel.stop()
  }
}

async function visibleAfterMs(oriel: OrielProcess, mark: string): Promise<number> {
  const startedMs = performance.now()
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ service: 'bench', name: 'mark', mark })
  const sent = fetch(`${oriel.otlpUrl}/v1/events`, { method: 'POST', headers, body })
  for (;;) {
    const where = `service = "bench" and mark = "${mark}"`
    const answer = await oriel.api<SearchAnswer>('/events/search', {
      from: 'now-5m',
      to: 'now+1m',
      where,
      limit: 1,
    })
    if (answer.events.length > 0) break
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  await sent
  return performance.now() - startedMs
}
