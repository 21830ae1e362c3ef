import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { ChdbEngine, migrateTelemetry } from '@oriel/storage'

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value }
export type FixtureRow = Readonly<Record<string, Value>>

/** A real engine in a directory of its own, with the schema and a way to put rows in by column name. */
export interface FixtureStore {
  readonly engine: ChdbEngine
  insert(table: string, rows: readonly FixtureRow[]): Promise<void>
  stop(): Promise<void>
}

export async function startFixtureStore(): Promise<FixtureStore> {
  const directory = await mkdtemp(join(tmpdir(), 'oriel-query-'))
  const engine = new ChdbEngine({ directory, clock: systemClock, threads: 'unchecked' })
  await engine.start()
  await migrateTelemetry(engine)
  return {
    engine,
    insert: async (table, rows) => {
      const byColumns = new Map<string, FixtureRow[]>()
      for (const row of rows) {
        const columns = Object.keys(row).join(', ')
        byColumns.set(columns, [...(byColumns.get(columns) ?? []), row])
      }
      for (const [columns, same] of byColumns) {
        const values = same.map((row) => `(${Object.values(row).map(literal).join(', ')})`)
        await engine.execute(`INSERT INTO ${table} (${columns}) VALUES ${values.join(', ')}`)
      }
    },
    stop: async () => {
      await engine.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** `sql:` at the start of a text is an expression, such as `sql:unhex('00')`. */
function literal(value: Value): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') {
    if (value.startsWith('sql:')) return value.slice(4)
    return `'${value.replace(/\\/g, '\\\\').replace(/'/g, `\\'`)}'`
  }
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  return `map(${Object.entries(value)
    .flatMap(([key, item]) => [literal(key), literal(item)])
    .join(', ')})`
}
