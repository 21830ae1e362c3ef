import type { Selectable } from 'kysely'

/** Instants are Unix milliseconds, flags and lists are text: the same in SQLite and Postgres. */
export interface StateTables {
  readonly api_keys: ApiKeysTable
  readonly sessions: SessionsTable
  readonly config_snapshots: ConfigSnapshotsTable
  readonly leases: LeasesTable
  readonly meta: MetaTable
}

export interface ApiKeysTable {
  id: string
  name: string
  /** The first characters of the secret, to tell keys apart on screen. */
  prefix: string
  /** SHA-256 of the secret, hex: secrets are random, so a slow hash would add nothing. */
  hash: string
  /** Sorted, with a blank between. */
  scopes: string
  tenant: string
  created_ms: number
  revoked_ms: number | null
  last_used_ms: number | null
}

export interface SessionsTable {
  /** SHA-256 of the cookie's value, hex. */
  hash: string
  key_id: string
  actor: string
  created_ms: number
  expires_ms: number
}

export interface ConfigSnapshotsTable {
  version: number
  text: string
  author: string
  created_ms: number
}

export interface LeasesTable {
  name: string
  holder: string
  /** Grows by one with every change of holder; writes of an older one are refused. */
  fence: number
  expires_ms: number
}

export interface MetaTable {
  name: string
  value: string
}

export type ApiKeyRow = Selectable<ApiKeysTable>
