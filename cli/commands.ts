import { deadLetters } from './commands/dead-letters.ts'
import { doctor } from './commands/doctor.ts'
import { keys } from './commands/keys.ts'
import { start } from './commands/start.ts'

/** One subcommand of `oriel`. `run` gives the exit code. */
export interface Command {
  readonly summary: string
  run(args: readonly string[]): Promise<number>
}

export const commands: Readonly<Record<string, Command>> = {
  start,
  doctor,
  keys,
  'dead-letters': deadLetters,
}

export function usage(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`)
  return `usage: oriel <command> [options]\n\n${lines.join('\n')}\n`
}
