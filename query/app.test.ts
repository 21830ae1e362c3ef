import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, OrielError, silentLogger, systemClock } from '@oriel/core'
import type { Engine, EngineQuery } from '@oriel/storage'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createQuery, type QueryApp } from './app.ts'
import { querySettings } from './config.ts'
import { type MemoryPorts, memoryPorts } from './testing/index.ts'

/** Answers nothing, or fails as told; remembers what it was asked. */
class ScriptedEngine implements Engine {
  failure: OrielError | undefined
  hang = false
  readonly asked: EngineQuery[] = []
  aborted: (() => void) | undefined

  async query<Row>(query: EngineQuery) {
    this.asked.push(query)
    if (this.failure !== undefined) throw this.failure
    if (this.hang) {
      await new Promise<void>((_, reject) => {
        query.signal?.addEventListener('abort', () => {
          this.aborted?.()
          reject(new OrielError('query_cancelled', 'killed'))
        })
      })
    }
    return { rows: [] as Row[], rowsRead: 3, bytesRead: 5, elapsedMs: 1 }
  }
  async execute() {
    throw new Error('the API executes nothing')
  }
  async insert() {
    throw new Error('the API inserts nothing')
  }
}

const engine = new ScriptedEngine()
let ports: MemoryPorts
let app: QueryApp
let keyed: QueryApp
let web: string
let base: string
let keyedBase: string

function build(overrides: Readonly<Record<string, unknown>>): QueryApp {
  const settings = loadConfig([querySettings], {
    overrides: { 'query.port': 0, 'query.bodyBytesMax': 2048, ...overrides },
  }).get(querySettings)
  return createQuery({
    engine,
    clock: systemClock,
    logger: silentLogger,
    settings,
    completeness: { completeThroughMs: () => 1234 },
    keys: ports.keys,
    ports,
    webDirectory: web,
    version: '0.1.0',
  })
}

beforeAll(async () => {
  web = await mkdtemp(join(tmpdir(), 'oriel-web-'))
  await mkdir(join(web, '_app/immutable'), { recursive: true })
  await writeFile(join(web, 'index.html'), '<!doctype html><title>Oriel</title>')
  await writeFile(join(web, '_app/immutable/a.js'), 'let a')
  await writeFile(join(web, '_app/immutable/a.js.br'), 'compressed')
  ports = memoryPorts()
  app = build({})
  keyed = build({ 'query.authentication': 'required' })
  await app.start()
  await keyed.start()
  base = `http://127.0.0.1:${app.address().port}`
  keyedBase = `http://127.0.0.1:${keyed.address().port}`
})

afterAll(async () => {
  await app.stop()
  await keyed.stop()
  await rm(web, { recursive: true, force: true })
})

beforeEach(() => {
  engine.failure = undefined
  engine.hang = false
  engine.asked.length = 0
})

const range = { from: 'now-1h', to: 'now' }
const post = (path: string, body: unknown, headers: Record<string, string> = {}, to = base) =>
  fetch(`${to}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

function withHeaders(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(`${base}/api/v1/services`, { headers }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('answers', () => {
  test('carry their meta and an id that our own event of the request has too', async () => {
    const answer = await post('/events/search', range)
    expect(answer.status).toBe(200)
    const body = (await answer.json()) as {
      meta: { requestId: string; completeThroughMs: number; rowsRead: number }
    }
    expect(body.meta).toMatchObject({ completeThroughMs: 1234, sampling: 'none', cuts: [] })
    expect(answer.headers.get('x-request-id')).toBe(body.meta.requestId)
    expect(ports.emitted.at(-1)).toMatchObject({
      requestId: body.meta.requestId,
      status: 200,
      tenant: 'default',
      rowsRead: body.meta.rowsRead,
    })
    expect(engine.asked[0]?.params).toMatchObject({ tenant: 'default' })
  })

  test('the document names every path of the contract', async () => {
    const document = (await (await fetch(`${base}/api/v1/openapi.json`)).json()) as {
      paths: Record<string, unknown>
    }
    expect(Object.keys(document.paths).sort()).toEqual(
      [
        '/events/aggregate',
        '/events/heatmap',
        '/events/search',
        '/events/{id}',
        '/fields',
        '/fields/{name}/values',
        '/ingest/status',
        '/metrics',
        '/metrics/query',
        '/metrics/{metric}/series',
        '/services',
        '/services/{service}/operations',
        '/sql',
        '/traces',
        '/traces/{traceId}',
        '/traces/{traceId}/spans/{spanId}',
      ].sort(),
    )
  })

  test('a predicate while it is typed', async () => {
    expect(await (await post('/predicate/parse', { where: 'service=cart' })).json()).toMatchObject({
      ok: true,
    })
    const wrong = (await (await post('/predicate/parse', { where: 'service = = cart' })).json()) as {
      ok: boolean
      position: { start: number }
    }
    expect(wrong.ok).toBe(false)
    expect(wrong.position.start).toBeGreaterThan(0)
  })
})

describe('errors say what, why and what to do', () => {
  const cases = [
    { name: 'not JSON', body: '{', status: 400, code: 'malformed', message: 'not valid JSON' },
    {
      name: 'an unknown key',
      body: { ...range, colour: 1 },
      status: 400,
      code: 'invalid_argument',
      message: 'colour',
    },
    { name: 'no range', body: {}, status: 400, code: 'invalid_argument', message: 'from' },
    {
      name: 'an empty range',
      body: { from: 5, to: 5 },
      status: 400,
      code: 'invalid_argument',
      message: 'time range is empty',
    },
    {
      name: 'a long range',
      body: { from: 'now-92d', to: 'now' },
      status: 400,
      code: 'invalid_argument',
      message: '(query.rangeMax)',
    },
    {
      name: 'a large page',
      body: { ...range, limit: 5000 },
      status: 400,
      code: 'invalid_argument',
      message: '(query.pageMax)',
    },
    {
      name: 'a foreign cursor',
      body: { ...range, cursor: 'abc' },
      status: 400,
      code: 'invalid_argument',
      message: 'cursor is not one of ours',
    },
    {
      name: 'a predicate',
      body: { ...range, where: 'a = = b' },
      status: 400,
      code: 'invalid_predicate',
      message: '',
    },
    {
      name: 'a large body',
      body: { ...range, where: 'x'.repeat(4000) },
      status: 413,
      code: 'body_too_large',
      message: '(query.bodyBytesMax)',
    },
  ]
  test.each(cases)('$name', async ({ body, status, code, message }) => {
    const answer = await post('/events/search', body)
    const { error } = (await answer.json()) as {
      error: { code: string; message: string; advice: string; requestId: string; position?: unknown }
    }
    expect({ status: answer.status, code: error.code }).toEqual({ status, code })
    expect(error.message).toContain(message)
    expect(error.requestId).toBe(answer.headers.get('x-request-id'))
    if (code === 'invalid_predicate') expect(error.position).toBeDefined()
  })

  test.each([
    ['query_timeout', 504, '(query.timeMax)'],
    ['query_memory', 422, '(query.memoryMax)'],
    ['query_rows', 422, '(query.readRowsMax)'],
    ['store_unavailable', 503, 'gone'],
  ] as const)('the engine says %s', async (code, status, message) => {
    engine.failure = new OrielError(code, 'gone')
    const answer = await post('/events/search', range)
    expect(answer.status).toBe(status)
    expect(((await answer.json()) as { error: { message: string } }).error.message).toContain(message)
  })

  test('our own event names the route, not what was asked for', async () => {
    await fetch(`${base}/api/v1/traces/${'ab'.repeat(16)}`)
    await expect
      .poll(() => ports.emitted.at(-1))
      .toMatchObject({ route: '/api/v1/traces/:traceId', status: 404, errorCode: 'not_found' })
  })

  test('an unknown path', async () => {
    expect((await fetch(`${base}/api/v1/nothing`)).status).toBe(404)
  })
})

test('closing the request stops the query', async () => {
  engine.hang = true
  const stopped = new Promise<void>((resolve) => {
    engine.aborted = resolve
  })
  const controller = new AbortController()
  const asking = fetch(`${base}/api/v1/services`, { signal: controller.signal }).catch(() => 'closed')
  while (engine.asked.length === 0) await systemClock.sleep(5)
  controller.abort()
  expect(await asking).toBe('closed')
  await stopped
})

describe('access', () => {
  test('a foreign host or origin is refused, also on loopback', async () => {
    expect(await withHeaders({ host: 'evil.example' })).toBe(403)
    expect(await withHeaders({ origin: 'https://evil.example' })).toBe(403)
    expect(await withHeaders({ origin: base })).toBe(200)
    expect(await withHeaders({ authorization: 'Bearer wrong' })).toBe(401)
  })

  test('keys, scopes, tenants, sessions', async () => {
    expect((await post('/events/search', range, {}, keyedBase)).status).toBe(401)
    expect((await fetch(`${keyedBase}/api/v1/health`)).status).toBe(200)
    const created = (await (
      await post('/admin/keys', { name: 'reader', tenant: 'shop', scopes: ['read'] })
    ).json()) as { secret: string; keyId: string }
    const authorization = { authorization: `Bearer ${created.secret}` }
    engine.asked.length = 0
    expect((await post('/events/search', range, authorization, keyedBase)).status).toBe(200)
    expect(engine.asked[0]?.params).toMatchObject({ tenant: 'shop' })
    expect((await post('/sql', { sql: 'select 1' }, authorization, keyedBase)).status).toBe(403)
    expect((await fetch(`${keyedBase}/api/v1/admin/keys`, { headers: authorization })).status).toBe(403)
    const session = await post('/session', { key: created.secret }, {}, keyedBase)
    const cookie = session.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const browser = { cookie: cookie.split(';')[0] ?? '' }
    expect((await post('/events/search', range, browser, keyedBase)).status).toBe(200)
    expect((await fetch(`${keyedBase}/api/v1/session`, { method: 'DELETE', headers: browser })).status).toBe(
      204,
    )
    expect((await post('/events/search', range, browser, keyedBase)).status).toBe(401)
    expect((await fetch(`${base}/api/v1/admin/keys/${created.keyId}`, { method: 'DELETE' })).status).toBe(204)
    expect((await post('/events/search', range, authorization, keyedBase)).status).toBe(401)
  })

  test('beyond loopback without a key it does not start', async () => {
    const bare = memoryPorts()
    const settings = loadConfig([querySettings], {
      overrides: { 'query.host': '0.0.0.0', 'query.port': 0 },
    }).get(querySettings)
    const refusing = createQuery({
      engine,
      clock: systemClock,
      logger: silentLogger,
      settings,
      completeness: { completeThroughMs: () => 0 },
      keys: bare.keys,
      ports: bare,
      version: '0',
    })
    await expect(refusing.start()).rejects.toThrow('there is no API key')
    await refusing.stop()
  })
})

test('dead letters', async () => {
  expect(await (await fetch(`${base}/api/v1/admin/dead-letters`)).json()).toMatchObject({
    deadLetters: [{ id: 'letter-1' }],
  })
  expect((await post('/admin/dead-letters/letter-1/replay', {})).status).toBe(200)
  expect((await post('/admin/dead-letters/other/replay', {})).status).toBe(404)
})

test('the web interface: routes give the page, hashed files live for ever, nothing outside is reachable', async () => {
  const page = await fetch(`${base}/explore`)
  expect(await page.text()).toContain('<title>Oriel</title>')
  expect(page.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  const asset = await fetch(`${base}/_app/immutable/a.js`, { headers: { 'accept-encoding': 'identity' } })
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect(await asset.text()).toBe('let a')
  expect((await fetch(`${base}/_app/immutable/gone.js`)).status).toBe(404)
  expect(await (await fetch(`${base}/..%2f..%2fetc/passwd`)).text()).toContain('<title>Oriel</title>')
})
