/** A sender in a process of its own: `sender.ts <otlp url> <seconds> <spans per s, 0 = as fast as it goes>`; prints one JSON line. */
import http from 'node:http'
import { spansPerRequest, tracePayload } from './payloads.ts'

const [url = '', seconds = '10', spansPerS = '0'] = process.argv.slice(2)
const connections = 64
const payloadCount = 100
const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
const payloads = Array.from({ length: payloadCount }, (_, index) => freshly(tracePayload(index * 7)))
const gapMs = Number(spansPerS) === 0 ? 0 : (spansPerRequest / Number(spansPerS)) * 1000
const startedMs = performance.now()
const endMs = startedMs + Number(seconds) * 1000
const latencies: number[] = []
const refused = new Map<number, number>()
let sent = 0
let acknowledged = 0

await Promise.all(Array.from({ length: connections }, () => sendUntilEnd()))
latencies.sort((a, b) => a - b)
const at = (ratio: number) => Math.round(latencies[Math.floor(latencies.length * ratio)] ?? 0)
console.log(
  JSON.stringify({
    acknowledged,
    seconds: (performance.now() - startedMs) / 1000,
    ack_p50_ms: at(0.5),
    ack_p99_ms: at(0.99),
    refused: Object.fromEntries(refused),
  }),
)
process.exit()

/** A payload whose first span gets other bytes at each call, so that no request is a resend of another. */
function freshly(bytes: Uint8Array): () => Buffer {
  const buffer = Buffer.from(bytes)
  // the first span's id: tag 0x12, length 8, right after its 16-byte trace id (tag 0x0a)
  const spanIdAt = indexOfFirstSpanId(buffer)
  return () => {
    buffer.writeDoubleLE(1 + sent, spanIdAt)
    return buffer
  }
}

function indexOfFirstSpanId(buffer: Buffer): number {
  for (let at = 0; at < buffer.length; at += 1) {
    if (buffer[at] === 0x0a && buffer[at + 1] === 16 && buffer[at + 18] === 0x12 && buffer[at + 19] === 8)
      return at + 20
  }
  throw new Error('no span id found in the payload')
}

async function sendUntilEnd(): Promise<void> {
  for (;;) {
    const number = sent++
    const dueMs = startedMs + number * gapMs
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    if (performance.now() >= endMs) return
    const body = payloads[number % payloadCount]?.()
    if (body === undefined) return
    const status = await post(Buffer.from(body))
    if (status === 200) acknowledged += spansPerRequest
    else {
      refused.set(status, (refused.get(status) ?? 0) + 1)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

function post(body: Buffer): Promise<number> {
  const beganMs = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/v1/traces`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
      },
      (response) => {
        response.resume()
        response.once('end', () => {
          latencies.push(performance.now() - beganMs)
          resolve(response.statusCode ?? 0)
        })
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}
