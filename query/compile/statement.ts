/** SQL with its bound parameters. The reader adds `tenant`; no statement may bind it itself. */
export interface Statement {
  readonly sql: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Collects bound values: user text becomes `{v0:String}`, never SQL. */
export class Bindings {
  readonly #values: Record<string, unknown> = {}
  #next = 0

  /** The placeholder to write into the SQL. */
  bind(type: string, value: unknown): string {
    const name = `v${this.#next}`
    this.#next += 1
    this.#values[name] = value
    return `{${name}:${type}}`
  }

  /** Takes over what another compiler bound under its own names. */
  adopt(values: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(values)) this.#values[name] = value
  }

  statement(sql: string): Statement {
    return { sql, params: this.#values }
  }
}
