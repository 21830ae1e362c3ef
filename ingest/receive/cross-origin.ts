import type { OutgoingHttpHeaders } from 'node:http'

const preflightSeconds = '600'
const requestHeaders =
  'authorization, content-encoding, content-type, traceparent, tracestate, baggage, x-requested-with'

/** For an answer to a page of an allowed origin. Answers differ by origin, which caches must know. */
export function originHeaders(origin: string | undefined): OutgoingHttpHeaders {
  if (origin === undefined) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after, x-request-id',
    vary: 'Origin',
  }
}

export function preflightHeaders(origin: string | undefined): OutgoingHttpHeaders {
  if (origin === undefined) return { allow: allowedMethods }
  return {
    ...originHeaders(origin),
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': requestHeaders,
    'access-control-max-age': preflightSeconds,
  }
}

export const allowedMethods = 'POST, OPTIONS'
