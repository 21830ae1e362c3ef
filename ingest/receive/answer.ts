import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Clock } from '@oriel/core'

/** How long a refused sender that is still sending is listened to, so that its kernel does not throw the answer away. */
const lingerMs = 1000
/** Below this it is cheaper to read a refused body to its end than to open a new connection. */
const drainBytesMax = 1024 * 1024

export interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Uint8Array
}

/** Sends an answer. Closes the connection when a large part of the request has not been read, without reading it on. */
export function sendAnswer(
  exchange: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly clock: Clock },
  { status, headers, body }: Answer,
): void {
  const { request, response, clock } = exchange
  if (response.headersSent || response.destroyed) return
  // neither may carry a body, nor its length
  const all = status === 204 ? headers : { ...headers, 'content-length': body.byteLength }
  if (request.complete || isShort(request)) {
    request.resume()
    response.writeHead(status, all)
    response.end(body)
    return
  }
  // the answer is whole for the sender now; what still arrives is dropped until it stops, closes or the time is up
  response.writeHead(status, { ...all, connection: 'close' })
  response.write(body)
  const finish = () => {
    cancel()
    response.end()
    request.socket.destroySoon()
  }
  const cancel = clock.after(lingerMs, finish)
  request.once('end', finish).once('close', finish)
  request.resume()
}

function isShort(request: IncomingMessage): boolean {
  // after Expect: 100-continue and a refusal nobody knows whether a body follows
  if (request.headers['transfer-encoding'] !== undefined || request.headers.expect !== undefined) return false
  return Number(request.headers['content-length'] ?? 0) <= drainBytesMax
}
