import { randomUUID } from 'node:crypto'
import { OpenAPIHono } from '@hono/zod-openapi'
import { type Clock, type Logger, OrielError } from '@oriel/core'
import type { Context, Next } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { getCookie } from 'hono/cookie'
import { matchedRoutes } from 'hono/route'
import type { QuerySettings } from '../config.ts'
import type { Reader } from '../execute/reader.ts'
import { type AccessRules, accessOf, checkHostAndOrigin, type HostRules, sessionCookie } from './access.ts'
import { adminRoutes, describeIssues } from './admin-routes.ts'
import { errorAnswer } from './error-answer.ts'
import { eventRoutes } from './event-routes.ts'
import type { ApiEnv, ApiPorts } from './ports.ts'
import type { Api } from './route.ts'
import { serviceRoutes } from './service-routes.ts'
import { serveStatic } from './static-files.ts'

export interface ApiDependencies {
  readonly reader: Reader
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: QuerySettings
  readonly ports: ApiPorts
  readonly access: AccessRules
  readonly hosts: HostRules
  /** The web build; without it the API stands alone. */
  readonly webDirectory?: string | undefined
  readonly version: string
}

const open = new Set(['/api/v1/health', '/api/v1/session', '/api/v1/openapi.json'])

export function createApi(dependencies: ApiDependencies): Api {
  const { settings, webDirectory } = dependencies
  const app = new OpenAPIHono<ApiEnv>()
  app.use('*', (context, next) => requestFrame(context, next, dependencies))
  app.onError((error, context) => answerError(context, error, dependencies.logger))
  app.use(
    '/api/*',
    bodyLimit({
      maxSize: settings.bodyBytesMax,
      onError: () => {
        throw new OrielError(
          'body_too_large',
          `the body exceeds ${settings.bodyBytesMax} bytes (query.bodyBytesMax)`,
        )
      },
    }),
  )
  app.route('/api/v1', versionOne(dependencies))
  app.all('/api/*', (context) => {
    throw new OrielError('not_found', `there is no ${context.req.method} ${context.req.path}`)
  })
  app.get('*', (context) => {
    if (webDirectory === undefined) return context.text('the web interface is not built: npm run build', 404)
    return serveStatic(context, webDirectory)
  })
  return app
}

function versionOne(dependencies: ApiDependencies): Api {
  const { reader, ports, access, settings, version } = dependencies
  const api: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw new OrielError('invalid_argument', describeIssues(result.error.issues))
    },
  })
  api.get('/health', (context) => {
    const health = ports.health()
    return context.json(health, health.status === 'ready' || health.status === 'degraded' ? 200 : 503)
  })
  eventRoutes(api, reader)
  serviceRoutes(api, reader, ports)
  adminRoutes(api, ports, { ...access, sessionTtlMs: settings.sessionTtlMs })
  api.doc('/openapi.json', {
    openapi: '3.0.3',
    info: { title: 'Oriel query API', version },
    servers: [{ url: '/api/v1' }],
  })
  return api
}

/** Asked every few seconds or at every key, and answered without data: they would crowd out what people look for. */
const quietRoutes: ReadonlySet<string> = new Set(['/api/v1/health', '/api/v1/predicate/parse'])

/** Around every request: its id, the checks before anything is read, and one wide event after. */
async function requestFrame(
  context: Context<ApiEnv>,
  next: Next,
  dependencies: ApiDependencies,
): Promise<void> {
  const { clock, ports } = dependencies
  const requestId = randomUUID()
  const timeMs = clock.nowMs()
  const startedMs = clock.monotonicMs()
  context.set('requestId', requestId)
  context.header('x-request-id', requestId)
  context.header('x-content-type-options', 'nosniff')
  context.header('referrer-policy', 'no-referrer')
  const refused = await admit(context, dependencies)
  if (refused === undefined) await next()
  else context.res = answerError(context, refused, dependencies.logger)
  if (!context.req.path.startsWith('/api/')) return
  context.header('cache-control', 'no-store')
  const route = routePattern(context)
  if (quietRoutes.has(route) && context.res.status < 400) return
  const access = context.get('access')
  ports.requestEvents.emit({
    requestId,
    timeMs,
    durationMs: clock.monotonicMs() - startedMs,
    method: context.req.method,
    route,
    status: context.res.status,
    // without access it is still ours to see: the platform's own telemetry is the default tenant's
    tenant: access?.tenant ?? 'default',
    actor: access?.actor ?? '',
    errorCode: context.get('errorCode') ?? '',
    rowsRead: context.get('rowsRead') ?? 0,
    bytesRead: context.get('bytesRead') ?? 0,
  })
}

/** `/api/v1/traces/:traceId`, never the id itself: names of events are few. */
function routePattern(context: Context<ApiEnv>): string {
  const routes = matchedRoutes(context).filter((route) => route.method !== 'ALL' && !route.path.endsWith('*'))
  return routes.at(-1)?.path ?? 'unmatched'
}

/** Returns the refusal rather than throwing, so that refused requests are answered and counted like others. */
async function admit(context: Context<ApiEnv>, { access, hosts }: ApiDependencies): Promise<unknown> {
  try {
    const { req } = context
    checkHostAndOrigin({ host: req.header('host'), origin: req.header('origin') }, hosts)
    if (!req.path.startsWith('/api/') || open.has(req.path)) return undefined
    const given = { authorization: req.header('authorization'), cookie: getCookie(context, sessionCookie) }
    context.set('access', await accessOf(given, access))
    return undefined
  } catch (error) {
    return error
  }
}

function answerError(context: Context<ApiEnv>, error: unknown, logger: Logger): Response {
  const known = fromLibrary(error)
  const { status, body } = errorAnswer(known, context.get('requestId'))
  context.set('errorCode', body.error.code)
  if (status === 500) logger.error('a request failed', { requestId: body.error.requestId, error: known })
  return context.json(body, status as never)
}

/** Hono throws its own error for a body that is not JSON. */
function fromLibrary(error: unknown): unknown {
  if (error instanceof OrielError || !(error instanceof Error)) return error
  const status = 'status' in error ? error.status : undefined
  return status === 400 ? new OrielError('malformed', 'the body is not valid JSON', { cause: error }) : error
}
