import { OrielError, type TelemetryTable } from '@oriel/core'
import { type Migration, readMigrations } from './migrations.ts'

export interface TableColumn {
  readonly name: string
  /** As declared in the schema. */
  readonly type: string
  /** As written in Native blocks: aggregate wrappers taken off. */
  readonly blockType: string
}

let parsed: ReadonlyMap<string, readonly TableColumn[]> | undefined

/** The version of the column lists that blocks are written with: the number of the newest schema file. */
export const schemaVersion = 1

/** What full text is searched in. Only these very expressions, in hasAllTokens, hasToken or LIKE, use the index. */
export const textSearchExpressions = ['lower(body)', 'lower(name)', 'lower(exception_message)'] as const

/**
 * Newest first. The engine reads backwards in the table's own order and stops when it has enough rows only when told so by the
 * leading key; the order that comes out is that of time alone.
 */
export const newestFirst = 'toStartOfFiveMinutes(time) DESC, time DESC'

/** Changes whenever a schema file does. */
export function schemaChecksum(): string {
  return readMigrations()
    .map((migration) => migration.checksum)
    .join('.')
}

/** The columns of a table in the order of its blocks, read from the schema files. */
export function tableColumns(table: TelemetryTable): readonly TableColumn[] {
  parsed ??= parseTables(readMigrations())
  const columns = parsed.get(table)
  if (columns === undefined) throw new OrielError('internal', `table ${table} is not in the schema`)
  return columns
}

/** The structure argument of `file(path, Native, structure)` for some columns of a table. */
export function blockStructure(table: TelemetryTable, columns: readonly string[]): string {
  const known = new Map(tableColumns(table).map((column) => [column.name, column.blockType]))
  return columns
    .map((name) => {
      const type = known.get(name)
      if (type === undefined) throw new OrielError('store_refused', `table ${table} has no column ${name}`)
      return `\`${name}\` ${type}`
    })
    .join(', ')
}

function parseTables(migrations: readonly Migration[]): ReadonlyMap<string, readonly TableColumn[]> {
  const tables = new Map<string, readonly TableColumn[]>()
  for (const { statements } of migrations) {
    for (const statement of statements) {
      const head = /^CREATE TABLE (?:IF NOT EXISTS )?(\w+)\s*\(\n([\s\S]*?)\n\)\s*\nENGINE/m.exec(statement)
      if (head?.[1] !== undefined && head[2] !== undefined) tables.set(head[1], parseColumns(head[2]))
    }
  }
  return tables
}

function parseColumns(body: string): readonly TableColumn[] {
  const columns: TableColumn[] = []
  for (const line of body.split('\n')) {
    const text = line.trim().replace(/,$/, '')
    const match = /^(\w+) (.+)$/.exec(text)
    if (match?.[1] === undefined || match[2] === undefined) continue
    if (text.startsWith('--') || text.startsWith('INDEX ')) continue
    const type = match[2].replace(/ CODEC\(.*\)$/, '')
    columns.push({ name: match[1], type, blockType: withoutAggregate(type) })
  }
  return columns
}

function withoutAggregate(type: string): string {
  return type.replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1')
}
