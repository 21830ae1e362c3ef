import { OrielError } from '@oriel/core'
import { isLoopback } from './loopback.ts'

export interface BrowserGuardOptions {
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  /** With keys in force a rebound name gains nothing, so an empty list of hosts then means any. */
  readonly keysRequired: boolean
}

/**
 * Keeps other people's web pages out of a listener on this machine: the Host must be a name of ours (DNS rebinding) and
 * a browser's Origin must be the same or an allowed one (cross-site requests).
 */
export class BrowserGuard {
  readonly #hosts: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>
  readonly #anyHost: boolean

  constructor({ allowedHosts, allowedOrigins, keysRequired }: BrowserGuardOptions) {
    this.#hosts = new Set(allowedHosts.map((host) => host.toLowerCase()))
    this.#origins = new Set(allowedOrigins.map((origin) => origin.toLowerCase()))
    this.#anyHost = keysRequired && allowedHosts.length === 0
  }

  /** Throws host_not_allowed or origin_not_allowed. Returns the origin to allow in the answer, if a browser asks. */
  check(host: string | undefined, origin: string | undefined): string | undefined {
    const name = hostName(host)
    if (!this.#anyHost && (name === undefined || !(isLoopback(name) || this.#hosts.has(name)))) {
      throw new OrielError(
        'host_not_allowed',
        `host "${printable(host)}" is not allowed (ingest.allowedHosts)`,
      )
    }
    if (origin === undefined) return undefined
    const asked = origin.toLowerCase()
    if (this.#origins.has(asked) || asked === `http://${host?.toLowerCase()}`) return origin
    throw new OrielError(
      'origin_not_allowed',
      `origin "${printable(origin)}" is not allowed (ingest.allowedOrigins)`,
    )
  }
}

function hostName(host: string | undefined): string | undefined {
  return /^(\[[\da-f:.]+\]|[^:/\s@[\]]+)(?::\d{1,5})?$/i.exec(host ?? '')?.[1]?.toLowerCase()
}

function printable(text: string | undefined): string {
  return (text ?? '').slice(0, 200)
}
