export type SqlParameterType = 'String' | 'Float64' | 'UInt64' | 'Int64' | 'Array(String)'

/**
 * Values bound as ClickHouse parameters: `{p0:String}` in the SQL, the value here. Numbers go as text, which the engine
 * reads exactly. Several fragments of one statement share one instance.
 */
export class SqlParameters {
  readonly #values: Record<string, string | readonly string[]> = {}
  readonly #known = new Map<string, string>()
  readonly #prefix: string

  constructor(prefix = 'p') {
    this.#prefix = prefix
  }

  get values(): Readonly<Record<string, string | readonly string[]>> {
    return this.#values
  }

  /** The placeholder of a value; the same value again has the same one. */
  bind(type: SqlParameterType, value: string | readonly string[]): string {
    const identity = JSON.stringify([type, value])
    const known = this.#known.get(identity)
    if (known !== undefined) return known
    const name = `${this.#prefix}${this.#known.size}`
    this.#values[name] = value
    const placeholder = `{${name}:${type}}`
    this.#known.set(identity, placeholder)
    return placeholder
  }
}
