import { createHash, randomBytes } from 'node:crypto'
import { type Clock, OrielError } from '@oriel/core'
import type { StateStore } from './state-store.ts'
import type { ApiKeyRow } from './tables.ts'

export const apiKeyScopes = ['ingest', 'read', 'admin'] as const
export type ApiKeyScope = (typeof apiKeyScopes)[number]

export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The beginning of the secret, safe to show. */
  readonly prefix: string
  readonly scopes: readonly ApiKeyScope[]
  readonly tenant: string
  readonly createdAtMs: number
  readonly revokedAtMs: number | undefined
  /** To the minute. */
  readonly lastUsedAtMs: number | undefined
}

export interface NewApiKey {
  readonly name: string
  readonly scopes: readonly ApiKeyScope[]
  readonly tenant: string
}

const lastUsedStepMs = 60_000

/** API keys, kept as hashes. A secret is `oriel_` and 32 random bytes; it is returned once, by `create`. */
export class ApiKeys {
  readonly #store: StateStore
  readonly #clock: Clock

  constructor(store: StateStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async create({
    name,
    scopes,
    tenant,
  }: NewApiKey): Promise<{ readonly key: ApiKey; readonly secret: string }> {
    if (name.trim() === '') throw new OrielError('invalid_argument', 'an API key needs a name')
    if (tenant.trim() === '') throw new OrielError('invalid_argument', 'an API key needs a tenant')
    if (scopes.length === 0) throw new OrielError('invalid_argument', 'an API key needs at least one scope')
    const unknown = scopes.find((scope) => !apiKeyScopes.includes(scope))
    if (unknown !== undefined) throw new OrielError('invalid_argument', `unknown scope "${unknown}"`)
    const secret = `oriel_${randomBytes(32).toString('base64url')}`
    const row: ApiKeyRow = {
      id: randomBytes(8).toString('hex'),
      name,
      prefix: secret.slice(0, 12),
      hash: hashSecret(secret),
      scopes: [...new Set(scopes)].sort().join(' '),
      tenant,
      created_ms: this.#clock.nowMs(),
      revoked_ms: null,
      last_used_ms: null,
    }
    await this.#store.db.insertInto('api_keys').values(row).execute()
    return { key: fromRow(row), secret }
  }

  /** All keys, revoked ones too, oldest first. */
  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#store.db
      .selectFrom('api_keys')
      .selectAll()
      .orderBy('created_ms')
      .orderBy('id')
      .execute()
    return rows.map(fromRow)
  }

  /** Takes effect at once, for the sessions made with the key too. False when there is no such key in force. */
  async revoke(id: string): Promise<boolean> {
    return await this.#store.db.transaction().execute(async (db) => {
      await db.deleteFrom('sessions').where('key_id', '=', id).execute()
      const result = await db
        .updateTable('api_keys')
        .set({ revoked_ms: this.#clock.nowMs() })
        .where('id', '=', id)
        .where('revoked_ms', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    })
  }

  /** The key of a secret, or undefined when it is unknown or revoked. Records the use, at most once a minute. */
  async verify(secret: string): Promise<ApiKey | undefined> {
    const row = await this.#store.db
      .selectFrom('api_keys')
      .selectAll()
      .where('hash', '=', hashSecret(secret))
      .where('revoked_ms', 'is', null)
      .executeTakeFirst()
    if (row === undefined) return undefined
    const nowMs = this.#clock.nowMs()
    if (nowMs - (row.last_used_ms ?? 0) >= lastUsedStepMs) {
      await this.#store.db
        .updateTable('api_keys')
        .set({ last_used_ms: nowMs })
        .where('id', '=', row.id)
        .execute()
    }
    return fromRow(row)
  }
}

function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function fromRow(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes
      .split(' ')
      .filter((scope): scope is ApiKeyScope => apiKeyScopes.some((known) => known === scope)),
    tenant: row.tenant,
    createdAtMs: row.created_ms,
    revokedAtMs: row.revoked_ms ?? undefined,
    lastUsedAtMs: row.last_used_ms ?? undefined,
  }
}
