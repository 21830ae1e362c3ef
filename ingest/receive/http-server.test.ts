import { request as httpRequest } from 'node:http'
import { gzipSync } from 'node:zlib'
import { OrielError } from '@oriel/core'
import { afterEach, describe, expect, it } from 'vitest'
import { parseAnswer, rawConnect, rawExchange, untilClosed } from '../testing/raw-http.ts'
import { startToldIngest, type ToldIngest, type ToldIngestOptions } from '../testing/start-told-ingest.ts'

let running: ToldIngest[] = []
afterEach(async () => {
  for (const each of running) for (const request of each.pool.requests) request.resolve()
  await Promise.all(running.map((each) => each[Symbol.asyncDispose]()))
  running = []
})

async function start(options: ToldIngestOptions = {}): Promise<ToldIngest> {
  const started = await startToldIngest(options)
  running.push(started)
  return started
}

const protobuf = { 'content-type': 'application/x-protobuf' }
const json = { 'content-type': 'application/json' }

function post(url: string, headers: Record<string, string>, body: Uint8Array | string, path = '/v1/traces') {
  return fetch(`${url}${path}`, { method: 'POST', headers, body: body as string })
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer())
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

describe('success', () => {
  const paths = [
    { path: '/v1/traces', signal: 'traces' },
    { path: '/v1/metrics', signal: 'metrics' },
    { path: '/v1/logs', signal: 'logs' },
  ]
  it.each(paths)('$path takes protobuf and answers an empty message', async ({ path, signal }) => {
    const { url, pool } = await start()
    const answer = await post(url, protobuf, 'abc', path)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf')
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{12}-/)
    expect((await bytesOf(answer)).length).toBe(0)
    expect(pool.requests).toMatchObject([
      { signal, tenant: 'default', encoding: 'protobuf', compression: 'none' },
    ])
    expect(Buffer.from(pool.requests[0]?.body ?? []).toString()).toBe('abc')
    expect(pool.requests[0]?.digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    ' Application/Json ;a=b',
  ])('takes the media type %j as JSON and answers {}', async (type) => {
    const { url, pool } = await start()
    const answer = await post(url, { 'content-type': type }, '{}')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.text()).toBe('{}')
    expect(pool.requests[0]?.encoding).toBe('json')
  })

  it('hands a gzip body on as it is, for the worker to open', async () => {
    const { url, pool } = await start()
    const zipped = gzipSync('hello')
    await post(url, { ...protobuf, 'content-encoding': 'GZIP' }, zipped)
    expect(pool.requests[0]?.compression).toBe('gzip')
    expect(Buffer.from(pool.requests[0]?.body ?? [])).toEqual(zipped)
  })

  it('takes a chunked body of unknown length', async () => {
    const { ingest, pool } = await start()
    const head =
      'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-protobuf\r\n'
    await rawExchange(
      ingest.httpPort,
      `${head}transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`,
    )
    expect(Buffer.from(pool.requests[0]?.body ?? []).toString()).toBe('abcde')
  })

  it('takes an empty protobuf body', async () => {
    const { url, pool } = await start({ reply: () => ({ accepted: 0 }) })
    expect((await post(url, protobuf, '')).status).toBe(200)
    expect(pool.requests[0]?.body.byteLength).toBe(0)
  })

  it('sets partial_success only when there is something to say', async () => {
    const { url } = await start({ reply: () => ({ accepted: 1, rejected: 300, message: 'zero ids' }) })
    const inJson = await post(url, json, '{}')
    expect(inJson.status).toBe(200)
    expect(await inJson.json()).toEqual({
      partialSuccess: { rejectedSpans: '300', errorMessage: 'zero ids' },
    })
    const expected = Buffer.concat([
      Buffer.from([0x0a, 13, 0x08, 0xac, 0x02, 0x12, 8]),
      Buffer.from('zero ids'),
    ])
    expect(await bytesOf(await post(url, protobuf, 'x'))).toEqual(expected)
  })

  it('shortens a long message', async () => {
    const { url } = await start({ reply: () => ({ message: '💥'.repeat(5_000_000) }) })
    const answer = (await (await post(url, json, '{}')).json()) as {
      partialSuccess: { errorMessage: string }
    }
    expect(answer.partialSuccess.errorMessage).toBe(`${'💥'.repeat(1000)}…`)
  })

  it.each(['application/json', 'application/x-ndjson'])('takes wide events as %s', async (type) => {
    const { url, pool } = await start({ reply: () => ({ accepted: 2 }) })
    const answer = await post(url, { 'content-type': type }, '{"a":1}', '/v1/events')
    expect(await answer.json()).toEqual({ accepted: 2, rejected: 0, message: '' })
    expect(pool.requests[0]).toMatchObject({ signal: 'events', encoding: 'json' })
  })

  it('keeps the connection for the next request, also after a refusal', async () => {
    const { ingest } = await start()
    const body = 'content-type: application/json\r\ncontent-length: 2\r\n\r\n{}'
    const first = `POST /v1/nothing HTTP/1.1\r\nhost: localhost\r\n${body}`
    const second = `POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${body}`
    const text = (await rawExchange(ingest.httpPort, first + second)).toString()
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200'])
  })

  it('serves 100 connections at once', async () => {
    const { url, pool } = await start({ reply: () => 'wait' })
    const answers = Array.from({ length: 100 }, (_, n) => post(url, protobuf, `body ${n}`))
    await until(() => pool.requests.length === 100)
    for (const request of pool.requests) request.resolve({ accepted: 1 })
    expect((await Promise.all(answers)).map((answer) => answer.status)).toEqual(Array(100).fill(200))
  })
})

describe('refusals', () => {
  const cases = [
    { name: 'an unknown path', path: '/v1/spans', headers: json, status: 404, code: 12 },
    { name: 'a path that an object would have', path: '/constructor', headers: json, status: 404, code: 12 },
    {
      name: 'another media type',
      path: '/v1/traces',
      headers: { 'content-type': 'text/plain' },
      status: 415,
      code: 3,
    },
    {
      name: 'protobuf events',
      path: '/v1/events',
      headers: { 'content-type': 'application/protobuf' },
      status: 415,
      code: 3,
    },
    {
      name: 'zstd',
      path: '/v1/traces',
      headers: { ...json, 'content-encoding': 'zstd' },
      status: 415,
      code: 12,
    },
    {
      name: 'two codings',
      path: '/v1/traces',
      headers: { ...json, 'content-encoding': 'gzip, gzip' },
      status: 415,
      code: 12,
    },
  ]
  it.each(cases)(
    'answers $name with $status and a google.rpc.Status',
    async ({ path, headers, status, code }) => {
      const { url, pool } = await start()
      const answer = await post(url, headers as Record<string, string>, '{}', path)
      expect(answer.status).toBe(status)
      expect(await answer.json()).toMatchObject({ code, message: expect.any(String) })
      expect(pool.requests).toEqual([])
    },
  )

  it('answers a missing content type with 415', async () => {
    const { ingest } = await start()
    const text =
      'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'
    expect(parseAnswer(await rawExchange(ingest.httpPort, text)).status).toBe(415)
  })

  it.each(['GET', 'PUT', 'DELETE', 'HEAD', 'PATCH'])('answers %s with 405 and Allow', async (method) => {
    const { url } = await start()
    const answer = await fetch(`${url}/v1/traces`, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  })

  it('answers what the worker finds malformed with 400 and BadRequest, in the encoding of the request', async () => {
    const reply = () =>
      new OrielError('malformed', 'bad wire type', { details: { field: 'resource_spans[0]' } })
    const { url } = await start({ reply })
    const answer = await post(url, json, '{}')
    expect(answer.status).toBe(400)
    const description = 'bad wire type'
    expect(await answer.json()).toEqual({
      code: 3,
      message: description,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'resource_spans[0]', description }],
        },
      ],
    })
    const binary = await post(url, protobuf, 'x')
    expect(binary.headers.get('content-type')).toBe('application/x-protobuf')
    const bytes = await bytesOf(binary)
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0x08, 3, 0x12, 13]))
    expect(bytes.toString('latin1')).toContain('type.googleapis.com/google.rpc.BadRequest')
  })

  const fromWorker = [
    { code: 'bad_compression', status: 400 },
    { code: 'body_too_large', status: 413 },
    { code: 'journal_full', status: 503 },
    { code: 'rate_limited', status: 429 },
  ] as const
  it.each(fromWorker)('answers $code from the worker with $status', async ({ code, status }) => {
    const { url } = await start({ reply: () => new OrielError(code, 'told so') })
    const answer = await post(url, protobuf, 'x')
    expect(answer.status).toBe(status)
    expect(answer.headers.get('retry-after')).toBe(status === 503 || status === 429 ? '1' : null)
  })

  it('answers a fault of ours with 500 and keeps its text to itself', async () => {
    const { url } = await start({ reply: () => new Error('secret at /home/x') })
    const answer = await post(url, json, '{}')
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ code: 13, message: 'internal error' })
  })

  it('rounds Retry-After up', async () => {
    const { url } = await start({
      reply: () => new OrielError('overloaded', 'full'),
      settings: { retryAfterMs: 1001 },
    })
    expect((await post(url, protobuf, 'x')).headers.get('retry-after')).toBe('2')
  })

  it('does not read a body announced over the limit, answers 413 and closes', async () => {
    const { ingest, pool } = await start({ settings: { bodyBytesMax: 2048 } })
    const head =
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n'
    const answer = parseAnswer(await rawExchange(ingest.httpPort, head))
    expect(answer.status).toBe(413)
    expect(answer.headers.connection).toBe('close')
    expect(JSON.parse(answer.body.toString()).message).toContain('2KiB (ingest.bodyBytesMax)')
    expect(pool.requests).toEqual([])
  })

  it('stops reading a chunked body at the limit', async () => {
    const { ingest, pool } = await start({ settings: { bodyBytesMax: 1024 } })
    const head =
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
    const answer = parseAnswer(await rawExchange(ingest.httpPort, `${head}500\r\n${'x'.repeat(0x500)}\r\n`))
    expect(answer.status).toBe(413)
    expect(pool.requests).toEqual([])
    expect(ingest.stats().inFlightBytes).toBe(0)
  })
})

describe('memory budget', () => {
  it('refuses before reading when it is used up, and has room again after the answer', async () => {
    const settings = {
      bodyBytesMax: 1024 * 1024,
      grpcMessageBytesMax: 1024 * 1024,
      memoryBudgetBytes: 1024 * 1024,
    }
    const { url, pool, ingest } = await start({ settings, reply: () => 'wait' })
    const first = post(url, protobuf, new Uint8Array(700_000))
    await until(() => pool.requests.length === 1)
    const refused = await post(url, json, 'x'.repeat(400_000))
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(((await refused.json()) as { message: string }).message).toContain(
      '1MiB (ingest.memoryBudgetBytes)',
    )
    // 100 kB of gzip count six times
    expect((await post(url, { ...json, 'content-encoding': 'gzip' }, new Uint8Array(100_000))).status).toBe(
      503,
    )
    pool.requests[0]?.resolve()
    expect((await first).status).toBe(200)
    expect(ingest.stats()).toMatchObject({ inFlightBytes: 0, overloadRefusals: 2 })
  })

  it('gives back what a sender that went away had reserved', async () => {
    const { ingest } = await start()
    const socket = await rawConnect(ingest.httpPort)
    socket.write(
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{',
    )
    await until(() => ingest.stats().inFlightBytes === 5000)
    socket.destroy()
    await until(() => ingest.stats().inFlightBytes === 0)
  })
})

it('tells a tenant over its rate to wait, with 429 and the time', async () => {
  const { url, pool } = await start({ settings: { tenantBytesPerSecondMax: 100 } })
  expect((await post(url, protobuf, new Uint8Array(10_000))).status).toBe(200)
  const refused = await post(url, json, '{}')
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
  expect(pool.requests.length).toBe(1)
})

describe('resends', () => {
  it('stores a request that is sent again while in flight and after once, and answers all alike', async () => {
    const { url, pool } = await start({ reply: () => 'wait' })
    const first = post(url, json, '{"a":1}')
    await until(() => pool.requests.length === 1)
    const second = post(url, json, '{"a":1}')
    await post(url, json, 'x', '/nowhere')
    pool.requests[0]?.resolve({ accepted: 3, rejected: 1, message: 'one' })
    const answers = [await first, await second, await post(url, json, '{"a":1}')]
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1)
    expect(answers.map((answer) => answer.headers.get('oriel-resent'))).toEqual([null, 'true', 'true'])
    expect(pool.requests.length).toBe(1)
  })

  it('takes the same bytes as another signal, and a failed request anew', async () => {
    const { url, pool } = await start({ reply: () => new OrielError('journal_full', 'full') })
    expect((await post(url, json, '{}')).status).toBe(503)
    pool.reply = () => ({ accepted: 1 })
    expect((await post(url, json, '{}')).status).toBe(200)
    expect((await post(url, json, '{}', '/v1/logs')).status).toBe(200)
    expect(pool.requests.length).toBe(3)
  })
})

describe('access', () => {
  const keys = {
    verify: async (secret: string) =>
      ({
        good: { tenant: 'acme', scopes: ['ingest'], keyId: 'k1' },
        reader: { tenant: 'acme', scopes: ['read'], keyId: 'k2' },
      })[secret],
  }
  const cases = [
    { name: 'no key', authorization: undefined, status: 401 },
    { name: 'an unknown key', authorization: 'Bearer wrong', status: 401 },
    { name: 'another scheme', authorization: 'Basic good', status: 401 },
    { name: 'a key without the scope', authorization: 'Bearer reader', status: 403 },
    { name: 'a good key', authorization: 'bearer good', status: 200 },
  ]
  it.each(cases)('answers $name with $status', async ({ authorization, status }) => {
    const { url, pool } = await start({ keys, settings: { requireKeys: 'always' } })
    const headers = authorization === undefined ? json : { ...json, authorization }
    expect((await post(url, headers as Record<string, string>, '{}')).status).toBe(status)
    expect(pool.requests.map((request) => request.tenant)).toEqual(status === 200 ? ['acme'] : [])
  })

  const hosts = [
    'evil.example',
    'evil.example:4318',
    '127.0.0.1.evil.example',
    '',
    'localhost@evil.example',
    '[::1',
  ] as const
  it.each(hosts)('refuses the host %j', async (host) => {
    const { ingest } = await start()
    const text = `POST /v1/logs HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`
    expect(parseAnswer(await rawExchange(ingest.httpPort, text)).status).toBe(403)
  })

  it('refuses the page of another origin and lets an allowed one in, with a preflight', async () => {
    const { url } = await start({ settings: { allowedOrigins: ['https://shop.example'] } })
    expect((await post(url, { ...json, origin: 'https://evil.example' }, '{}')).status).toBe(403)
    expect((await post(url, { ...json, origin: 'null' }, '{}')).status).toBe(403)
    const origin = 'https://shop.example'
    const preflight = await fetch(`${url}/v1/traces`, { method: 'OPTIONS', headers: { origin } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('traceparent')
    const answer = await post(url, { ...json, origin }, '{}')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('vary')).toBe('Origin')
  })
})

describe('hostile connections', () => {
  const broken = [
    { name: 'bytes that are not HTTP', text: '\x16\x03\x01\x02\x00\x01\x00', status: 400 },
    {
      name: 'headers over the limit',
      text: `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      status: 431,
    },
    {
      name: 'both length and chunked',
      text: 'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      status: 400,
    },
    {
      name: 'a negative length',
      text: 'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n',
      status: 400,
    },
    { name: 'no host', text: 'POST /v1/logs HTTP/1.1\r\nconnection: close\r\n\r\n', status: 400 },
  ]
  it.each(broken)('answers $name with $status', async ({ text, status }) => {
    const { ingest, url } = await start()
    expect(parseAnswer(await rawExchange(ingest.httpPort, text)).status).toBe(status)
    expect((await post(url, json, '{}')).status).toBe(200)
  })

  it.each([
    { name: 'headers', text: 'POST /v1/logs HTTP/1.1\r\nhost: loc' },
    {
      name: 'body',
      text: 'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    },
  ])('ends a sender whose $name never come', async ({ text }) => {
    const { ingest, pool } = await start({ settings: { headersTimeoutMs: 100, requestTimeoutMs: 200 } })
    expect(parseAnswer(await rawExchange(ingest.httpPort, text)).status).toBe(408)
    await until(() => ingest.stats().inFlightBytes === 0)
    expect(pool.requests).toEqual([])
  })

  it('answers a sender that closed its half after the request', async () => {
    const { ingest, pool } = await start({ reply: () => 'wait' })
    const socket = await rawConnect(ingest.httpPort, { allowHalfOpen: true })
    socket.end(
      'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}',
    )
    await until(() => pool.requests.length === 1)
    pool.requests[0]?.resolve()
    expect(parseAnswer(await untilClosed(socket)).status).toBe(200)
  })

  it('continues a request with Expect only when it is welcome', async () => {
    const { ingest } = await start()
    const send = (path: string) =>
      new Promise<{ status: number | undefined; continued: boolean }>((resolve, reject) => {
        let continued = false
        const headers = { ...json, expect: '100-continue', 'content-length': 2 }
        const sent = httpRequest({ port: ingest.httpPort, host: '127.0.0.1', method: 'POST', path, headers })
        sent.on('continue', () => {
          continued = true
          sent.end('{}')
        })
        sent.on('response', (answer) => {
          answer.resume()
          sent.destroy()
          resolve({ status: answer.statusCode, continued })
        })
        sent.on('error', reject)
        sent.flushHeaders()
      })
    expect(await send('/v1/logs')).toEqual({ status: 200, continued: true })
    expect(await send('/v1/nothing')).toEqual({ status: 404, continued: false })
  })
})

describe('stop', () => {
  it('answers what is in flight, drops nothing it acknowledged, takes nothing new', async () => {
    const told = await startToldIngest({ reply: () => 'wait' })
    const answers = Array.from({ length: 20 }, (_, n) => post(told.url, protobuf, `body ${n}`))
    await until(() => told.pool.requests.length === 20)
    const stopped = told.ingest.stop()
    await expect(post(told.url, protobuf, 'late')).rejects.toThrow()
    for (const request of told.pool.requests) request.resolve({ accepted: 1 })
    expect((await Promise.all(answers)).every((answer) => answer.status === 200)).toBe(true)
    await stopped
    expect(told.pool.requests.length).toBe(20)
  })

  it('cuts a sender that does not finish within the grace, without an acknowledgement', async () => {
    const told = await startToldIngest({ settings: { stopGraceMs: 50 } })
    const socket = await rawConnect(told.ingest.httpPort)
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    )
    await until(() => told.ingest.stats().inFlightBytes === 9)
    const received = untilClosed(socket)
    await told.ingest.stop()
    expect((await received).toString()).toBe('')
    expect(told.pool.requests).toEqual([])
  })
})

it('counts refused and resent requests in the ledger, stored at the latest by the stop', async () => {
  const told = await startToldIngest()
  await post(told.url, json, '{}')
  await post(told.url, json, '{}')
  await post(told.url, { 'content-type': 'text/plain' }, '{}')
  await told.ingest.stop()
  expect(told.groups.map((group) => group.blocks.map(({ table, rows }) => ({ table, rows })))).toEqual([
    [{ table: 'ingest_minute', rows: 2 }],
  ])
})
