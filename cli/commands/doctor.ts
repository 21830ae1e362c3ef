import type { Command } from '../commands.ts'
import { readConfig } from '../config.ts'
import { diagnose } from '../diagnosis.ts'

const marks = { ok: 'ok  ', warning: 'warn', problem: 'FAIL' }

export const doctor: Command = {
  summary: 'say what is wrong with this machine or configuration, and how to mend it',
  async run(args) {
    const findings = await diagnose(() => readConfig(args))
    for (const { state, what, found, advice } of findings) {
      console.log(`${marks[state]}  ${what}: ${found}`)
      if (advice !== undefined) console.log(`      ${advice}`)
    }
    return findings.some(({ state }) => state === 'problem') ? 1 : 0
  },
}
