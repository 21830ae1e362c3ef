import { OrielError } from '@oriel/core'
import type { Engine } from './engine.ts'
import { type Migration, readMigrations } from './migrations.ts'

const limits = { timeMs: 60_000, memoryBytes: 500_000_000 }

interface Applied {
  readonly version: number
  readonly name: string
  readonly checksum: string
}

/**
 * Brings the telemetry schema forward; there is no way back. A file that was applied and has changed since is refused, and so is
 * a store that is newer than this program. Statements are idempotent (IF NOT EXISTS), so a crash between two of them is mended by
 * the next start. Returns the names of the files applied now.
 */
export async function migrateTelemetry(
  engine: Engine,
  migrations: readonly Migration[] = readMigrations(),
): Promise<readonly string[]> {
  await engine.execute(`CREATE TABLE IF NOT EXISTS schema_migrations
(
    version UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3) DEFAULT now64(3)
)
ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`)
  const { rows } = await engine.query<Applied>({
    sql: 'SELECT version, any(name) AS name, any(checksum) AS checksum FROM schema_migrations GROUP BY version ORDER BY version',
    lane: 'internal',
    limits,
  })
  refuseChanged(rows, migrations)
  const done = new Set(rows.map((row) => Number(row.version)))
  const pending = migrations.filter((migration) => !done.has(migration.version))
  for (const { version, name, checksum, statements } of pending) {
    for (const statement of statements) await engine.execute(statement)
    await engine.execute(
      'INSERT INTO schema_migrations (version, name, checksum) SELECT {version:UInt32}, {name:String}, {checksum:String}',
      { version, name, checksum },
    )
  }
  return pending.map((migration) => migration.name)
}

function refuseChanged(applied: readonly Applied[], migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]))
  for (const { version, name, checksum } of applied) {
    const migration = known.get(Number(version))
    if (migration === undefined) {
      throw new OrielError('config_invalid', `the store has schema ${name}, which this version does not know`)
    }
    if (migration.checksum !== checksum) {
      throw new OrielError('config_invalid', `schema file ${name} has changed since it was applied`)
    }
  }
}
