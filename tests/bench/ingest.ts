import { OrielProcess } from '../harness/oriel-process.ts'
import { cpuSeconds, rssMiB } from './process-usage.ts'
import { runScript, runSender } from './run-sender.ts'

const drainMaxMs = 120_000
const peerSeconds = 15

interface StatusAnswer {
  readonly journal: { readonly bytes: number; readonly rows: number }
}
interface SqlAnswer {
  readonly rows: readonly (readonly unknown[])[]
}

/** Pre-encoded OTLP/HTTP from a sender process until everything is stored, then the same engine fed with ready-made blocks. */
export async function run({ seconds }: { readonly seconds: number }): Promise<Record<string, number>> {
  const oriel = await OrielProcess.start()
  try {
    const cpuBefore = cpuSeconds(oriel.pid)
    const startedMs = performance.now()
    const report = await runSender(oriel.otlpUrl, seconds)
    await drained(oriel)
    const elapsedS = (performance.now() - startedMs - senderStartMs(startedMs, report.seconds)) / 1000
    const stored = await count(oriel, "SELECT count() FROM events WHERE signal = 'span'")
    const rolledUp = await count(oriel, "SELECT sum(rows) FROM red_minute WHERE signal = 'span'")
    const cpu = cpuSeconds(oriel.pid) - cpuBefore
    const rss = rssMiB(oriel.pid, 'VmHWM')
    await oriel.stop()
    const peer = await runScript<{ spans_per_s: number }>('./engine-peer.ts', [
      String(Math.min(peerSeconds, seconds)),
    ])
    const perS = report.acknowledged / report.seconds
    return {
      acknowledged_spans_per_s: Math.round(perS),
      acknowledged: report.acknowledged,
      stored,
      rolled_up: rolledUp,
      lost: Math.max(0, report.acknowledged - stored),
      duplicated: Math.max(0, stored - report.acknowledged),
      refused_requests: Object.values(report.refused).reduce((sum, n) => sum + n, 0),
      stored_spans_per_s: Math.round(stored / elapsedS),
      engine_spans_per_s: Math.round(peer.spans_per_s),
      engine_ratio: round(stored / elapsedS / peer.spans_per_s),
      ack_p50_ms: report.ack_p50_ms,
      ack_p99_ms: report.ack_p99_ms,
      rss_mb_max: rss,
      cpu_s: round(cpu),
      cpu_s_per_million: round((cpu / stored) * 1e6),
    }
  } finally {
    await oriel.stop()
  }

  /** The sender makes its payloads before it sends; that time is not Oriel's. */
  function senderStartMs(startedMs: number, sendingS: number): number {
    return Math.max(0, sentAtMs - startedMs - sendingS * 1000)
  }
}

let sentAtMs = 0

async function drained(oriel: OrielProcess): Promise<void> {
  sentAtMs = performance.now()
  const deadlineMs = sentAtMs + drainMaxMs
  for (;;) {
    const { journal } = await oriel.api<StatusAnswer>('/ingest/status?from=now-1h&to=now')
    if (journal.rows === 0) return
    if (performance.now() > deadlineMs) throw new Error(`the journal still holds ${journal.rows} rows`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function count(oriel: OrielProcess, sql: string): Promise<number> {
  const answer = await oriel.api<SqlAnswer>('/sql', { sql })
  return Number(answer.rows[0]?.[0])
}

const round = (value: number) => Math.round(value * 100) / 100
