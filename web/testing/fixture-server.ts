import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { webBuildDirectory } from '../index.ts'
import { answer } from './fixture-answers.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
}

/** Serves web/build and answers the query contract with invented data. For browser checks; never part of the product. */
export async function startFixtureServer(
  port = 0,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fixture')
    if (!url.pathname.startsWith('/api/v1/')) {
      void sendFile(url.pathname, response)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      sendAnswer(url, text === '' ? undefined : JSON.parse(text), response)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : port}`,
    close: () => server.close(),
  }
}

function sendAnswer(url: URL, body: unknown, response: ServerResponse): void {
  const found = JSON.stringify(body ?? '').includes('refuse_me')
    ? undefined
    : answer({ path: url.pathname.slice('/api/v1'.length), query: url.searchParams, body, nowMs: Date.now() })
  const refusal = {
    error: {
      code: 'query_timeout',
      message: 'the query took longer than 10 s (query.timeout)',
      advice: 'narrow the time range or raise the setting named',
      requestId: 'req-refused',
    },
  }
  response.writeHead(found === undefined ? 504 : 200, {
    'content-type': 'application/json',
    'x-request-id': 'req-5f1c0a7e',
  })
  response.end(JSON.stringify(found ?? refusal))
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const known = extname(path) !== ''
  const file = join(webBuildDirectory, normalize(known ? path : '/index.html'))
  try {
    const body = await readFile(file)
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
}
