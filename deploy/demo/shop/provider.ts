/** The payment provider: somebody else's service, so it sends no telemetry. Slow and failing for one region, now and then. */
import http from 'node:http'

const badRegion = 'eu-south'

http
  .createServer((request, response) => {
    const region = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('region')
    const chance = Math.random()
    const slow = region === badRegion && chance < 0.45
    const fails = region === badRegion && chance < 0.15
    const delayMs = slow ? 900 + Math.random() * 1200 : 25 + Math.random() * 50
    setTimeout(() => response.writeHead(fails ? 504 : 200).end('{}'), delayMs)
  })
  .listen(0, '127.0.0.1', function (this: http.Server) {
    const address = this.address()
    process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
  })
process.once('SIGTERM', () => process.exit(0))
process.once('SIGINT', () => undefined)
process.once('disconnect', () => process.exit(0))
