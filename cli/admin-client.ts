import { OrielError } from '@oriel/core'
import type { ErrorAnswer } from '@oriel/query/contract'

export interface AdminClientOptions {
  /** Base address of the running server. */
  readonly url: string
  /** An API key with scope admin; not needed on loopback without keys. */
  readonly key?: string | undefined
}

/** Talks to the admin API of the running server, which alone touches its files. */
export class AdminClient {
  readonly #options: AdminClientOptions

  constructor(options: AdminClientOptions) {
    this.#options = options
  }

  async request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const { url, key } = this.#options
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (key !== undefined) headers.authorization = `Bearer ${key}`
    const init: RequestInit = { method, headers }
    if (body !== undefined) init.body = JSON.stringify(body)
    const response = await fetch(new URL(`/api/v1/admin${path}`, url), init).catch((cause: unknown) => {
      throw new OrielError(
        'store_unavailable',
        `no Oriel answers at ${url}; start it, or name it with --url`,
        { cause },
      )
    })
    const text = await response.text()
    if (!response.ok) throw failure(response.status, text)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
}

function failure(status: number, text: string): OrielError {
  try {
    const { error } = JSON.parse(text) as ErrorAnswer
    return new OrielError('invalid_argument', `${error.message} (${error.advice})`)
  } catch {
    return new OrielError('internal', `the server answered ${status}: ${text.slice(0, 200)}`)
  }
}

/** --url and --key, or ORIEL_URL and ORIEL_KEY; the loopback default otherwise. */
export function adminClient(values: { url?: string | undefined; key?: string | undefined }): AdminClient {
  return new AdminClient({
    url: values.url ?? 'http://127.0.0.1:4400',
    key: values.key,
  })
}

export const adminOptions = { url: { type: 'string' }, key: { type: 'string' } } as const
