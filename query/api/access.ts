import { OrielError } from '@oriel/core'
import type { Sessions } from './sessions.ts'

export type Scope = 'ingest' | 'read' | 'admin'

export interface VerifiedKey {
  readonly keyId: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
}

/** Looks a secret up; undefined when it is unknown, revoked or expired. */
export interface KeyVerifier {
  verify(secret: string): Promise<VerifiedKey | undefined>
}

export interface Access {
  readonly tenant: string
  readonly scopes: readonly Scope[]
  /** Key id, or `loopback` where no key is needed. */
  readonly actor: string
}

export interface AccessRules {
  readonly keys: KeyVerifier
  readonly sessions: Sessions
  /** On loopback and not `required`: a request without a key is the default tenant. */
  readonly openOnLoopback: boolean
}

export const sessionCookie = 'oriel_session'

const loopback: Access = { tenant: 'default', scopes: ['ingest', 'read', 'admin'], actor: 'loopback' }

/** A wrong key is refused even where none is needed: who sends one means it. */
export async function accessOf(
  given: { readonly authorization: string | undefined; readonly cookie: string | undefined },
  rules: AccessRules,
): Promise<Access> {
  if (given.authorization !== undefined) {
    const secret = /^Bearer +(\S+)$/i.exec(given.authorization.trim())?.[1]
    const key = secret === undefined ? undefined : await rules.keys.verify(secret)
    if (key === undefined) throw new OrielError('unauthenticated', 'the API key is unknown or revoked')
    return { tenant: key.tenant, scopes: key.scopes, actor: key.keyId }
  }
  if (given.cookie !== undefined) {
    const session = rules.sessions.find(given.cookie)
    if (session !== undefined) return session
  }
  if (rules.openOnLoopback) return loopback
  throw new OrielError('unauthenticated', 'no API key was sent')
}

export function requireScope(access: Access, scope: Scope): void {
  if (access.scopes.includes(scope) || (scope === 'read' && access.scopes.includes('admin'))) return
  throw new OrielError('permission_denied', `the key lacks the scope ${scope}`)
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

export interface HostRules {
  readonly listenHost: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
}

/** Against DNS rebinding and cross-site requests: the Host must be ours, and a browser's Origin must be that host. */
export function checkHostAndOrigin(
  headers: { readonly host: string | undefined; readonly origin: string | undefined },
  rules: HostRules,
): void {
  const host = headers.host ?? ''
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const known = isLoopback(name) || name === rules.listenHost || rules.allowedHosts.includes(name)
  if (name === '' || !known) {
    throw new OrielError(
      'host_not_allowed',
      `host "${name.slice(0, 100)}" is not allowed (query.allowedHosts)`,
    )
  }
  const { origin } = headers
  if (origin === undefined || rules.allowedOrigins.includes(origin)) return
  if (origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new OrielError(
      'origin_not_allowed',
      `origin "${origin.slice(0, 100)}" is not allowed (query.allowedOrigins)`,
    )
  }
}
