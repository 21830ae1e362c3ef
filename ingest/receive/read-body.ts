import type { IncomingMessage } from 'node:http'
import { formatBytes, OrielError } from '@oriel/core'

export interface ReadBodyOptions {
  readonly bytesMax: number
  /** Called for every chunk of a body whose length was not announced, before it is kept; throwing ends the reading. */
  readonly grow: (bytes: number) => void
}

/** Thrown when the sender is gone: there is nobody to answer. */
export class SenderGone extends Error {}

export function bodyTooLarge(bytesMax: number, found: string): OrielError {
  return new OrielError(
    'body_too_large',
    `body of ${found} exceeds the maximum ${formatBytes(bytesMax)} (ingest.bodyBytesMax)`,
  )
}

/** The announced length; undefined for a chunked body. Node has refused anything that is not digits. */
export function announcedLength(request: IncomingMessage): number | undefined {
  const header = request.headers['content-length']
  if (header !== undefined) return Number(header)
  return request.headers['transfer-encoding'] === undefined ? 0 : undefined
}

/** Collects the body into an ArrayBuffer of exactly its size, so that it can be transferred to a worker. */
export function readBody(
  request: IncomingMessage,
  options: ReadBodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = announcedLength(request)
  const sink = length === undefined ? growingSink(options) : exactSink(length)
  return new Promise((resolve, reject) => {
    const settle = (run: () => void) => {
      request.off('data', onData).off('end', onEnd).off('close', onClose)
      run()
    }
    const onData = (chunk: Buffer) => {
      try {
        sink.write(chunk)
      } catch (error) {
        request.pause()
        settle(() => reject(error))
      }
    }
    const onEnd = () => settle(() => resolve(sink.whole()))
    const onClose = () => settle(() => reject(new SenderGone('the sender closed the connection')))
    request.on('error', () => {})
    request.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

interface Sink {
  write(chunk: Uint8Array): void
  whole(): Uint8Array<ArrayBuffer>
}

function exactSink(length: number): Sink {
  const body = new Uint8Array(new ArrayBuffer(length))
  let offset = 0
  return {
    write: (chunk) => {
      body.set(chunk, offset)
      offset += chunk.byteLength
    },
    whole: () => body,
  }
}

function growingSink({ bytesMax, grow }: ReadBodyOptions): Sink {
  const chunks: Uint8Array[] = []
  let bytes = 0
  return {
    write: (chunk) => {
      bytes += chunk.byteLength
      if (bytes > bytesMax) throw bodyTooLarge(bytesMax, `more than ${bytesMax} bytes`)
      grow(chunk.byteLength)
      chunks.push(chunk)
    },
    whole: () => {
      const body = new Uint8Array(new ArrayBuffer(bytes))
      let offset = 0
      for (const chunk of chunks) {
        body.set(chunk, offset)
        offset += chunk.byteLength
      }
      return body
    },
  }
}
