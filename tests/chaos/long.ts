/** `npm run chaos -- --minutes 10 [--seed 1]`: kill rounds for as long as asked; ends with 1 at the first fault. */
import { parseArgs } from 'node:util'
import { systemClock } from '@oriel/core'
import { faultsOf, killRounds } from './kill-rounds.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes ?? 5)
const untilMs = systemClock.monotonicMs() + minutes * 60_000
let seed = Number(values.seed ?? 1)
let kills = 0
let acknowledged = 0

while (systemClock.monotonicMs() < untilMs) {
  const outcome = await killRounds({ kills: 25, seed })
  const faults = faultsOf(outcome)
  kills += 25
  acknowledged += outcome.acknowledged.size
  console.log(`seed ${seed}: ${kills} kills, ${acknowledged} groups acknowledged, ${faults.length} faults`)
  if (faults.length > 0) {
    for (const fault of faults.slice(0, 50)) console.log(`  ${fault}`)
    process.exit(1)
  }
  seed += 1
}
