import type { ErrorAnswer } from '@oriel/query/contract'
import type { ApiError, Result } from './answer.ts'

const base = '/api/v1'

export type QueryValue = string | number | undefined

/** `/traces?limit=50`: undefined and empty values are left out. */
export function pathWithQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
  return parts.length === 0 ? path : `${path}?${parts.join('&')}`
}

export function getJson<T>(path: string, signal: AbortSignal): Promise<Result<T>> {
  return send<T>(path, { signal })
}

export function postJson<T>(path: string, body: unknown, signal: AbortSignal): Promise<Result<T>> {
  return send<T>(path, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function send<T>(path: string, init: RequestInit): Promise<Result<T>> {
  let requestId = ''
  try {
    const response = await fetch(base + path, { ...init, credentials: 'same-origin' })
    requestId = response.headers.get('x-request-id') ?? ''
    const text = await response.text()
    if (!response.ok) return { ok: false, error: refusal(response.status, text, requestId) }
    return { ok: true, value: JSON.parse(text) as T }
  } catch (cause) {
    return { ok: false, error: failure(cause, requestId) }
  }
}

function refusal(status: number, text: string, requestId: string): ApiError {
  try {
    const { error } = JSON.parse(text) as ErrorAnswer
    if (typeof error.code === 'string' && typeof error.message === 'string') {
      return {
        kind: 'refused',
        code: error.code,
        message: error.message,
        advice: error.advice ?? '',
        requestId: error.requestId || requestId,
        ...(error.position ? { position: error.position } : {}),
      }
    }
  } catch {
    // Not our body: a proxy answered. The status is all there is to say.
  }
  return {
    kind: 'refused',
    code: `http_${status}`,
    message: `the server answered ${status} without a reason`,
    advice: 'look at the log of Oriel, or of a proxy in front of it',
    requestId,
  }
}

function failure(cause: unknown, requestId: string): ApiError {
  if (cause instanceof DOMException && cause.name === 'AbortError') {
    return { kind: 'aborted', code: 'aborted', message: 'the question changed', advice: '', requestId }
  }
  if (cause instanceof SyntaxError) {
    return {
      kind: 'unreadable',
      code: 'unreadable',
      message: 'the answer is not JSON',
      advice: 'look at the log of Oriel, or of a proxy in front of it',
      requestId,
    }
  }
  return {
    kind: 'unreachable',
    code: 'unreachable',
    message: 'Oriel does not answer',
    advice: 'check that the process runs (oriel doctor) and that this address reaches it',
    requestId,
  }
}
