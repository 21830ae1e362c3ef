import { OrielError } from '@oriel/core'
import type { Session } from 'chdb'
import type { EngineFailure } from '../engine-error.ts'
import { stringLiteral } from '../query-param.ts'
import type { StatementSettings } from '../statement-settings.ts'

export interface ChdbStatement {
  readonly sql: string
  /** As text, see `formatParams`. */
  readonly params?: Readonly<Record<string, string>>
  readonly settings: StatementSettings
  /** Found in system.processes as log_comment: how a running statement is named to be killed. */
  readonly mark: string
}

/**
 * One chDB connection: one statement at a time. Parameters are bound with `SET param_…` on the connection, because the binding's own
 * call for them queues all connections of the process behind each other. After a failure the connection is replaced: chDB
 * would put the rest of the failed answer in front of the next one.
 */
export class ChdbConnection {
  readonly #open: () => Session
  readonly #database: string
  #session: Session | undefined
  #names = new Set<string>()

  constructor(open: () => Session, database: string) {
    this.#open = open
    this.#database = database
  }

  /** The answer in the given format. Throws the engine's own error; see `failureOf`. */
  async run(statement: ChdbStatement, format = 'JSONCompact'): Promise<string> {
    const session = this.#session ?? this.#connect()
    const text = `${this.#prelude(statement)}; ${statement.sql}`
    try {
      return (await session.queryAsync(text, { format })).text()
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    this.#session?.close()
    this.#session = undefined
    this.#names = new Set()
  }

  #connect(): Session {
    const session = this.#open()
    session.query(`USE ${this.#database}`)
    this.#session = session
    return session
  }

  #prelude({ sql, params = {}, settings, mark }: ChdbStatement): string {
    requireParams(sql, params)
    const parts = [`log_comment = ${stringLiteral(mark)}`]
    for (const [name, value] of Object.entries(settings)) {
      parts.push(`${settingName(name)} = ${typeof value === 'number' ? value : stringLiteral(value)}`)
    }
    for (const name of this.#names) {
      if (!Object.hasOwn(settings, name)) parts.push(`${name} = DEFAULT`)
    }
    this.#names = new Set(Object.keys(settings))
    for (const [name, value] of Object.entries(params)) {
      parts.push(`param_${settingName(name)} = ${stringLiteral(value)}`)
    }
    return `SET ${parts.join(', ')}`
  }
}

export function failureOf(cause: unknown): EngineFailure {
  const message = cause instanceof Error ? cause.message : String(cause)
  const stated = /^Code: (\d+)\./.exec(message)?.[1]
  return { number: stated === undefined ? undefined : Number(stated), message, cause }
}

/** A connection keeps the values of earlier statements, so a missing one would be filled in silently. */
function requireParams(sql: string, params: Readonly<Record<string, unknown>>): void {
  for (const [, name] of sql.matchAll(/\{(\w+):\s*\w/g)) {
    if (name !== undefined && !Object.hasOwn(params, name)) {
      throw new OrielError('internal', `query parameter ${name} is not bound`)
    }
  }
}

function settingName(name: string): string {
  if (!/^\w+$/.test(name))
    throw new OrielError('internal', `"${name}" is not a name of a setting or parameter`)
  return name
}
