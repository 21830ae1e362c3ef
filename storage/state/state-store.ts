import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Component, OrielError } from '@oriel/core'
import { Kysely, Migrator } from 'kysely'
import { stateMigrations } from './migrations.ts'
import { postgresDialect } from './postgres/postgres-dialect.ts'
import { sqliteDialect } from './sqlite/sqlite-driver.ts'
import type { StateTables } from './tables.ts'

/** Where the state is: `postgres://…`, or the path of a SQLite file. */
export interface StateStoreOptions {
  readonly url: string
}

/** The small, mutable state. Queries are written once in Kysely; repositories such as `ApiKeys` take `db`. */
export class StateStore implements Component {
  readonly name = 'state store'
  readonly #options: StateStoreOptions
  #db: Kysely<StateTables> | undefined

  constructor(options: StateStoreOptions) {
    this.#options = options
  }

  get db(): Kysely<StateTables> {
    if (this.#db === undefined) throw new OrielError('internal', 'the state store is not started')
    return this.#db
  }

  /** Opens the store and brings its tables forward. */
  async start(): Promise<void> {
    const { url } = this.#options
    const postgres = /^postgres(ql)?:\/\//.test(url)
    if (!postgres) await mkdir(dirname(url), { recursive: true })
    const db = new Kysely<StateTables>({ dialect: postgres ? postgresDialect(url) : sqliteDialect(url) })
    this.#db = db
    const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...stateMigrations }) } })
    const { error } = await migrator.migrateToLatest()
    if (error === undefined) return
    const reason = error instanceof Error ? error.message : String(error)
    throw new OrielError('store_unavailable', `the state store cannot be opened: ${reason}`, {
      cause: error,
      retryable: postgres,
    })
  }

  async stop(): Promise<void> {
    await this.#db?.destroy()
    this.#db = undefined
  }
}
