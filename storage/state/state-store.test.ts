import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '@oriel/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresBinaries, startPostgres, type TestPostgres } from '../testing/index.ts'
import { ApiKeys } from './api-keys.ts'
import { StateStore } from './state-store.ts'

let nowMs = 1_700_000_000_000
const clock: Clock = { ...systemClock, nowMs: () => nowMs }

function contract(open: () => string): void {
  let store: StateStore
  let keys: ApiKeys
  beforeAll(async () => {
    store = new StateStore({ url: open() })
    await store.start()
    keys = new ApiKeys(store, clock)
  })
  afterAll(() => store.stop())

  it('gives a secret once and keeps only its hash', async () => {
    const { key, secret } = await keys.create({
      name: 'ci',
      scopes: ['read', 'ingest', 'read'],
      tenant: 'acme',
    })
    expect(key).toMatchObject({ name: 'ci', scopes: ['ingest', 'read'], tenant: 'acme', createdAtMs: nowMs })
    expect(secret.startsWith(key.prefix)).toBe(true)
    const rows = await store.db.selectFrom('api_keys').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(rows[0]?.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(await keys.list())).not.toContain(secret)
  })

  it('verifies a secret, records its use once a minute, and refuses others', async () => {
    const { key, secret } = await keys.create({ name: 'app', scopes: ['ingest'], tenant: 'acme' })
    const lastUsed = async () => (await keys.list()).find((item) => item.id === key.id)?.lastUsedAtMs
    expect(await keys.verify(secret)).toMatchObject({ id: key.id, scopes: ['ingest'] })
    const first = nowMs
    expect(await lastUsed()).toBe(first)
    nowMs += 59_999
    await keys.verify(secret)
    expect(await lastUsed()).toBe(first)
    nowMs += 1
    await keys.verify(secret)
    expect(await lastUsed()).toBe(nowMs)
    for (const wrong of ['', 'oriel_', `${secret}x`, secret.slice(0, -1), "' OR 1=1 --"]) {
      expect(await keys.verify(wrong)).toBeUndefined()
    }
  })

  it('revokes a key and its sessions, once', async () => {
    const { key, secret } = await keys.create({ name: 'gone', scopes: ['admin'], tenant: 'acme' })
    const session = {
      hash: `h-${key.id}`,
      key_id: key.id,
      actor: 'ada',
      created_ms: nowMs,
      expires_ms: nowMs + 1,
    }
    await store.db.insertInto('sessions').values(session).execute()
    expect(await keys.revoke(key.id)).toBe(true)
    expect(await keys.verify(secret)).toBeUndefined()
    expect(await keys.revoke(key.id)).toBe(false)
    expect(await store.db.selectFrom('sessions').selectAll().where('key_id', '=', key.id).execute()).toEqual(
      [],
    )
    expect((await keys.list()).find((item) => item.id === key.id)?.revokedAtMs).toBe(nowMs)
  })

  it('refuses a key without name, tenant or scope', async () => {
    const good = { name: 'a', scopes: ['read'] as const, tenant: 't' }
    for (const bad of [{ name: ' ' }, { tenant: '' }, { scopes: [] }]) {
      await expect(keys.create({ ...good, ...bad })).rejects.toMatchObject({ code: 'invalid_argument' })
    }
  })

  it('rolls back a failed transaction and lets transactions wait for each other', async () => {
    const put = (name: string, value: string) => store.db.insertInto('meta').values({ name, value })
    const failing = store.db.transaction().execute(async (db) => {
      await db.insertInto('meta').values({ name: 'a', value: '1' }).execute()
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await store.db.selectFrom('meta').selectAll().execute()).toEqual([])
    await put('n', '0').execute()
    const add = () =>
      store.db.transaction().execute(async (db) => {
        const row = await db
          .updateTable('meta')
          .set({ name: 'n' })
          .where('name', '=', 'n')
          .returning('value')
          .executeTakeFirstOrThrow()
        await db
          .updateTable('meta')
          .set({ value: String(Number(row.value) + 1) })
          .where('name', '=', 'n')
          .execute()
      })
    await Promise.all(Array.from({ length: 10 }, add))
    expect(await store.db.selectFrom('meta').selectAll().execute()).toEqual([{ name: 'n', value: '10' }])
  })

  it('opens again with its data and without migrating twice', async () => {
    const before = await keys.list()
    await store.stop()
    await store.start()
    expect(before.length).toBeGreaterThan(0)
    expect(await keys.list()).toEqual(before)
  })
}

describe('state store on SQLite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'oriel-state-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  contract(() => join(directory, 'deep', 'state.db'))

  it('is durable at every commit', async () => {
    const store = new StateStore({ url: join(directory, 'pragma.db') })
    await store.start()
    const { sql } = await import('kysely')
    const { rows: mode } = await sql<{ journal_mode: string }>`PRAGMA journal_mode`.execute(store.db)
    const { rows: sync } = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(store.db)
    expect([mode[0]?.journal_mode, sync[0]?.synchronous]).toEqual(['wal', 2])
    await store.stop()
  })
})

const binaries = postgresBinaries()
if (binaries === undefined) {
  const reason = 'PostgreSQL 15 or newer is not installed (Debian package postgresql)'
  it.skipIf(process.env.CI !== 'true')(`state store on Postgres: ${reason}`, () => {
    throw new Error(reason)
  })
} else {
  describe('state store on Postgres', () => {
    let server: TestPostgres
    beforeAll(async () => {
      server = await startPostgres(binaries)
    })
    afterAll(() => server.stop())
    contract(() => server.url)
  })
}
