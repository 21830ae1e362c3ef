/** `npm run demo`: Oriel and a small shop that sends it real OpenTelemetry data. Ctrl-C stops both. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Shop } from './shop.ts'
import { startShopControl } from './shop-control.ts'
import { Shoppers } from './shoppers.ts'

const apiUrl = `http://127.0.0.1:${process.env.ORIEL_QUERY_PORT ?? '4400'}`
const otlpUrl = `http://127.0.0.1:${process.env.ORIEL_INGEST_HTTP_PORT ?? '4318'}`
const controlPort = 4480

const story = `
  Oriel is at ${apiUrl}

  The shop (gateway, catalogue, cart, checkout, payment) is open and shoppers are coming in.
  What to look at:
    ${apiUrl}/services    payment and checkout have errors and a slow p99: why?
    ${apiUrl}/explore     try: service = "payment" and duration > 500ms, grouped by payment.region
    ${apiUrl}/traces      open a slow POST /orders and follow the red
  What to try:
    curl -X POST http://127.0.0.1:${controlPort}/release/bad     deploys checkout 2.14.0, which is broken
    curl -X POST http://127.0.0.1:${controlPort}/release/good    rolls back to 2.13.2
    curl -X POST http://127.0.0.1:${controlPort}/load/spiky      or /load/steady
  Ctrl-C stops everything; the data stays in the data directory.
`

const oriel = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../cli/main.ts', import.meta.url)), 'start'],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
    // its own group: Ctrl-C must reach Oriel only after the shop has sent its last spans
    detached: true,
  },
)
const ended = new Promise<number>((resolve) => {
  oriel.once('exit', (code) => resolve(code ?? 1))
})
const stopped = new Promise<void>((resolve) => {
  process.once('SIGINT', () => resolve())
  process.once('SIGTERM', () => resolve())
})

process.exitCode = await run()

async function run(): Promise<number> {
  if (!(await untilReady())) return stopOriel(oriel)
  const shop = new Shop(otlpUrl)
  await shop.start()
  const shoppers = new Shoppers(shop.gatewayUrl)
  const control = await startShopControl(shop, shoppers, controlPort)
  shoppers.start()
  console.log(story)
  await Promise.race([stopped, ended])
  console.log('stopping the shop, then Oriel')
  shoppers.stop()
  control.close()
  await shop.stop()
  return stopOriel(oriel)
}

async function untilReady(): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && oriel.exitCode === null; attempt += 1) {
    const response = await fetch(`${apiUrl}/api/v1/health`).catch(() => undefined)
    if (response?.ok) return true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return false
}

async function stopOriel(child: ChildProcess): Promise<number> {
  if (child.exitCode === null) child.kill('SIGTERM')
  return ended
}
