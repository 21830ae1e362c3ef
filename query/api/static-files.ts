import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { Context } from 'hono'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/** SvelteKit's start script is inline in the page, and its digest changes with every build. */
const contentSecurityPolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"

/** The web build, with the page itself for every path that is no file: routes are the browser's. */
export async function serveStatic(context: Context, directory: string): Promise<Response> {
  const path = decode(new URL(context.req.url).pathname)
  const asset = path === undefined ? undefined : inside(directory, path)
  const found = asset === undefined || !(await isFile(asset)) ? join(directory, 'index.html') : asset
  const isPage = found.endsWith('index.html')
  const missing = isPage && path?.includes('/_app/')
  if (missing || !(await isFile(found)))
    return context.text('the web interface is not built: npm run build', 404)
  const { body, encoding } = await bestEncoding(found, context.req.header('accept-encoding') ?? '')
  return context.body(new Uint8Array(body), 200, {
    'content-type': types[extname(found)] ?? 'application/octet-stream',
    'cache-control': found.includes(`${sep}immutable${sep}`)
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
    vary: 'accept-encoding',
    'content-security-policy': contentSecurityPolicy,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  })
}

async function bestEncoding(file: string, accepted: string): Promise<{ body: Buffer; encoding?: string }> {
  for (const [encoding, suffix] of encodings) {
    if (accepted.includes(encoding) && (await isFile(file + suffix)))
      return { body: await readFile(file + suffix), encoding }
  }
  return { body: await readFile(file) }
}

function decode(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return undefined
  }
}

function inside(directory: string, path: string): string | undefined {
  const full = normalize(join(directory, path))
  return full.startsWith(directory + sep) && !path.includes('\0') ? full : undefined
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
