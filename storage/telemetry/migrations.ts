import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

export interface Migration {
  readonly version: number
  readonly name: string
  /** SHA-256 of the file's text, hex. */
  readonly checksum: string
  readonly statements: readonly string[]
}

const schemaFolder = new URL('./schema/', import.meta.url)

/** The schema files in order. Statements are separated by a line that holds only ";". */
export function readMigrations(folder: URL = schemaFolder): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_\w+\.sql$/.test(name))
    .sort()
    .map((name) => parseMigration(name, readFileSync(new URL(name, folder), 'utf8')))
}

export function parseMigration(name: string, text: string): Migration {
  return {
    version: Number(name.slice(0, 4)),
    name,
    checksum: createHash('sha256').update(text).digest('hex'),
    statements: text
      .split(/^;[ \t]*$/m)
      .map((statement) => statement.trim())
      .filter((statement) => statement.replaceAll(/^--.*$/gm, '').trim() !== ''),
  }
}
