import { type Dialect, PostgresDialect } from 'kysely'
import { Pool, TypeOverrides, types } from 'pg'

/** Kysely on Postgres. 64-bit integers come back as numbers: they are Unix milliseconds and counters below 2^53. */
export function postgresDialect(url: string): Dialect {
  const overrides = new TypeOverrides(types)
  overrides.setTypeParser(types.builtins.INT8, Number)
  const pool = new Pool({ connectionString: url, max: 8, types: overrides })
  // an idle connection that breaks is replaced by the pool; without a listener it would end the process
  pool.on('error', () => {})
  return new PostgresDialect({ pool })
}
