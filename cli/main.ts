#!/usr/bin/env node
import { OrielError } from '@oriel/core'
import { commands, usage } from './commands.ts'

const [name = 'help', ...rest] = process.argv.slice(2)
const command = commands[name]

if (command === undefined) {
  const known = name === 'help' || name === '--help' || name === '-h'
  console.error(known ? usage() : `oriel: no command "${name}"\n\n${usage()}`)
  process.exitCode = known ? 0 : 2
} else {
  try {
    process.exitCode = await command.run(rest)
  } catch (error) {
    console.error(`oriel ${name}: ${explain(error)}`)
    process.exitCode = 1
  }
}

function explain(error: unknown): string {
  if (error instanceof OrielError) return `${error.message} [${error.code}]`
  if (error instanceof TypeError && error.message.startsWith('Unknown option')) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
