import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Random, seededRandom, systemClock } from '@oriel/core'
import { rowsOf } from './rows-of.ts'

export interface ChaosOptions {
  readonly kills: number
  readonly seed: number
  readonly onRound?: (round: number, acknowledged: number) => void
}

/** What was promised, and what the store holds after the last restart. */
export interface ChaosOutcome {
  readonly acknowledged: ReadonlySet<number>
  readonly stored: ReadonlyMap<
    number,
    { readonly rows: number; readonly distinct: number; readonly rollup: number }
  >
  readonly letters: readonly string[]
  readonly receipts: number
}

interface DrainReport {
  readonly events: readonly { readonly group: string; readonly rows: string; readonly distinct: string }[]
  readonly rollup: readonly { readonly service: string; readonly rows: string }[]
  readonly letters: readonly string[]
  readonly receipts: number
}

const victim = fileURLToPath(new URL('./victim.ts', import.meta.url))

/** Kills the victim at moments drawn from the seed: while it starts, recovers, appends, inserts and commits. */
export async function killRounds({ kills, seed, onRound }: ChaosOptions): Promise<ChaosOutcome> {
  const directory = await mkdtemp(join(tmpdir(), 'oriel-chaos-'))
  const random = seededRandom(seed)
  const acknowledged = new Set<number>()
  try {
    for (let round = 0; round < kills; round += 1) {
      await runAndKill(directory, { random, first: round * 1_000_000, acknowledged })
      onRound?.(round, acknowledged.size)
    }
    const report = await drain(directory)
    return { ...report, acknowledged, stored: storedOf(report) }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

interface Round {
  readonly random: Random
  readonly first: number
  readonly acknowledged: Set<number>
}

async function runAndKill(directory: string, { random, first, acknowledged }: Round): Promise<void> {
  const threads = String(1 + Math.floor(random.next() * 4))
  const duringStart = random.next() < 0.15
  const waitMs = random.next() * 600
  const { child, ended } = start([directory, 'load', String(first), threads])
  const underLoad = new Promise<void>((resolve) => {
    collectLines(child, (line) => {
      acknowledged.add(Number(line.slice('ack '.length)))
      resolve()
    })
  })
  if (!duringStart) await Promise.race([underLoad, ended])
  await systemClock.sleep(waitMs)
  if (child.exitCode !== null) throw new Error(`the victim ended by itself with code ${child.exitCode}`)
  child.kill('SIGKILL')
  await ended
}

async function drain(directory: string): Promise<DrainReport> {
  const { child, ended } = start([directory, 'drain', '0', '2'])
  const lines: string[] = []
  collectLines(child, (line) => lines.push(line))
  await ended
  if (child.exitCode !== 0) throw new Error(`the last run ended with code ${child.exitCode}`)
  return JSON.parse(lines.at(-1) ?? '') as DrainReport
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<unknown> } {
  const child = spawn(process.execPath, [victim, ...args], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // close, not exit: the pipe is read to its end
  return { child, ended: once(child, 'close') }
}

function collectLines(child: ChildProcess, take: (line: string) => void): void {
  let rest = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}

function storedOf({ events, rollup }: DrainReport): ChaosOutcome['stored'] {
  const sums = new Map(
    rollup.map(({ service, rows }) => [Number(service.slice('group '.length)), Number(rows)]),
  )
  const groups = new Set([...sums.keys(), ...events.map(({ group }) => Number(group))])
  const counts = new Map(events.map(({ group, rows, distinct }) => [Number(group), { rows, distinct }]))
  return new Map(
    [...groups].map((group) => {
      const { rows = 0, distinct = 0 } = counts.get(group) ?? {}
      return [group, { rows: Number(rows), distinct: Number(distinct), rollup: sums.get(group) ?? 0 }]
    }),
  )
}

/** Every way the store and the promises differ; empty when nothing was lost, cut or doubled. */
export function faultsOf({ acknowledged, stored, letters }: ChaosOutcome): readonly string[] {
  const faults = letters.map((letter) => `dead letter: ${letter}`)
  for (const group of acknowledged)
    if (!stored.has(group)) faults.push(`group ${group} was acknowledged and is lost`)
  for (const [group, { rows, distinct, rollup }] of stored) {
    const expected = rowsOf(group)
    if (rows === expected && distinct === expected && rollup === expected) continue
    faults.push(`group ${group} of ${expected} rows: ${rows} stored, ${distinct} distinct, rollup ${rollup}`)
  }
  return faults
}
