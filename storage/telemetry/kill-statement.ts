import { stringLiteral } from './query-param.ts'

/** Stops the statement that runs with this `log_comment`: the one name of a statement that both engines let us choose. */
export function killStatement(mark: string): string {
  return `KILL QUERY WHERE Settings['log_comment'] = ${stringLiteral(mark)} ASYNC`
}
