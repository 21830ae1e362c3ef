import { connect, type IncomingHttpHeaders } from 'node:http2'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { startToldIngest } from '../testing/start-told-ingest.ts'
import { exportPaths } from './grpc-methods.ts'

/** What a well-behaved client would never send: a call made of frames. */
function rawCall(
  port: number,
  headers: Record<string, string>,
  frames: Uint8Array,
): Promise<IncomingHttpHeaders> {
  const session = connect(`http://127.0.0.1:${port}`)
  const stream = session.request({
    ':method': 'POST',
    ':path': exportPaths.traces,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  return new Promise((resolve, reject) => {
    let seen: IncomingHttpHeaders = {}
    stream.on('response', (received) => {
      seen = { ...seen, ...received }
    })
    stream.on('trailers', (received) => {
      seen = { ...seen, ...received }
    })
    stream.on('error', reject)
    stream.on('close', () => {
      session.close()
      resolve(seen)
    })
    stream.resume()
    stream.end(frames)
  })
}

function message(body: Uint8Array, compressed: 0 | 1, length = body.byteLength): Buffer {
  const head = Buffer.alloc(5)
  head[0] = compressed
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, body])
}

const zipped = gzipSync(Buffer.alloc(50_000, 'abcdefgh'))
const cases = [
  {
    name: 'gzip that is not gzip',
    encoding: 'gzip',
    frames: message(Buffer.from('nonsense'), 1),
    status: ['13', '3'],
  },
  {
    name: 'gzip cut short',
    encoding: 'gzip',
    frames: message(zipped.subarray(0, 60), 1),
    status: ['13', '3'],
  },
  { name: 'an unknown encoding', encoding: 'zstd', frames: message(Buffer.from('x'), 1), status: ['12'] },
  {
    name: 'an announced length over the limit',
    encoding: 'identity',
    frames: message(Buffer.from('x'), 0, 2 ** 31),
    status: ['8'],
  },
  { name: 'no message at all', encoding: 'identity', frames: new Uint8Array(0), status: ['12', '13'] },
  {
    name: 'two messages',
    encoding: 'identity',
    frames: Buffer.concat([message(Buffer.from('x'), 0), message(Buffer.from('y'), 0)]),
    status: ['12', '13'],
  },
]
it.each(cases)('answers $name with an error that is not retried', async ({ encoding, frames, status }) => {
  await using told = await startToldIngest()
  const answer = await rawCall(told.ingest.grpcPort, { 'grpc-encoding': encoding }, frames)
  expect(status).toContain(answer['grpc-status'])
  expect(answer['grpc-status-details-bin']).toBeUndefined()
  expect(told.ingest.stats().inFlightBytes).toBe(0)
})

it('refuses another content type with 415', async () => {
  await using told = await startToldIngest()
  const answer = await rawCall(
    told.ingest.grpcPort,
    { 'content-type': 'text/plain' },
    message(Buffer.from('x'), 0),
  )
  expect(answer[':status']).toBe(415)
})
