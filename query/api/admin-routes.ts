import { OrielError, parsePredicate, printPredicate } from '@oriel/core'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { PredicateParseAnswer } from '../contract.ts'
import { type AccessRules, requireScope, sessionCookie } from './access.ts'
import { positionOf } from './error-answer.ts'
import type { ApiEnv, ApiPorts } from './ports.ts'
import type { Api } from './route.ts'
import { keyBody, predicateBody, sessionBody } from './schemas.ts'

/** Sessions, keys, dead letters, and the parse that the predicate field asks for while typing. */
export function adminRoutes(
  api: Api,
  ports: ApiPorts,
  rules: AccessRules & { readonly sessionTtlMs: number },
): void {
  api.post('/session', async (context) => {
    const { key } = parseBody(sessionBody, await context.req.json().catch(() => undefined))
    const verified = await rules.keys.verify(key)
    if (verified === undefined) throw new OrielError('unauthenticated', 'the API key is unknown or revoked')
    const { tenant, scopes, keyId } = verified
    const secret = rules.sessions.create({ tenant, scopes, actor: keyId })
    setCookie(context, sessionCookie, secret, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      secure: new URL(context.req.url).protocol === 'https:',
      maxAge: Math.floor(rules.sessionTtlMs / 1000),
    })
    return context.json({ tenant, scopes })
  })
  api.delete('/session', (context) => {
    const secret = getCookie(context, sessionCookie)
    if (secret !== undefined) rules.sessions.end(secret)
    deleteCookie(context, sessionCookie, { path: '/' })
    return context.body(null, 204)
  })
  api.post('/predicate/parse', async (context) => {
    const { where } = parseBody(predicateBody, await context.req.json().catch(() => undefined))
    return context.json(parseAnswer(where))
  })
  api.get('/admin/keys', async (context) => {
    admin(context)
    return context.json({ keys: await ports.keyAdmin.list() })
  })
  api.post('/admin/keys', async (context) => {
    const actor = admin(context)
    const given = parseBody(keyBody, await context.req.json().catch(() => undefined))
    return context.json(await ports.keyAdmin.create({ ...given, actor }), 201)
  })
  api.delete('/admin/keys/:id', async (context) => {
    const actor = admin(context)
    const id = context.req.param('id')
    if (!(await ports.keyAdmin.revoke(id, actor))) throw new OrielError('not_found', `there is no key ${id}`)
    return context.body(null, 204)
  })
  api.get('/admin/dead-letters', async (context) => {
    admin(context)
    return context.json({ deadLetters: await ports.deadLetters.list() })
  })
  api.post('/admin/dead-letters/:id/replay', async (context) => {
    admin(context)
    const id = context.req.param('id')
    if (!(await ports.deadLetters.replay(id)))
      throw new OrielError('not_found', `there is no dead letter ${id}`)
    return context.json({ replayed: id })
  })
}

function admin(context: Context<ApiEnv>): string {
  const access = context.get('access')
  if (access === undefined) throw new OrielError('unauthenticated', 'no API key was sent')
  requireScope(access, 'admin')
  return access.actor
}

interface Schema<T> {
  safeParse(
    given: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } }
}

function parseBody<T>(schema: Schema<T>, given: unknown): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new OrielError('invalid_argument', describeIssues(parsed.error.issues))
}

export function describeIssues(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const said = issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.map(String).join('.') || 'body'}: ${message.toLowerCase()}`)
  return said.join('; ')
}

function parseAnswer(where: string): PredicateParseAnswer {
  try {
    return { ok: true, canonical: printPredicate(parsePredicate(where)) }
  } catch (error) {
    if (!(error instanceof OrielError) || error.code !== 'invalid_predicate') throw error
    return {
      ok: false,
      message: error.message,
      position: positionOf(error.details) ?? { start: 0, end: where.length },
    }
  }
}
