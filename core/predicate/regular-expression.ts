import { RE2JS, RE2JSException } from 're2js'

const compiled = new Map<string, RE2JS>()
const compiledMax = 1_000

/** RE2 as ClickHouse's `match` runs it: unanchored, `.` takes line feeds. Compiled once. Throws the syntax error as an Error. */
export function regularExpression(pattern: string): RE2JS {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const made = RE2JS.compile(pattern, RE2JS.DOTALL)
  if (compiled.size >= compiledMax) compiled.clear()
  compiled.set(pattern, made)
  return made
}

/** What is wrong with a pattern, or undefined. */
export function patternProblem(pattern: string): string | undefined {
  try {
    regularExpression(pattern)
    return undefined
  } catch (error) {
    if (error instanceof RE2JSException)
      return error.message.replace('error parsing regexp: ', '').replace('`(?s)', '`')
    throw error
  }
}
