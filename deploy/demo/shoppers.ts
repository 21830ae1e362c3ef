import { type LoadShape, shoppersPerS } from './load-shape.ts'

const regions = ['eu-south', 'eu-west', 'eu-west', 'us-east', 'us-east', 'us-east']
const tiers = ['free', 'free', 'free', 'silver', 'gold']
const waitingMax = 200

/** Sends shoppers through the shop at the rate of its shape, as outside callers without telemetry would. */
export class Shoppers {
  shape: LoadShape = 'steady'
  #waiting = 0
  #timer: NodeJS.Timeout | undefined
  readonly #gatewayUrl: string

  constructor(gatewayUrl: string) {
    this.#gatewayUrl = gatewayUrl
  }

  start(): void {
    const gapMs = -Math.log(1 - Math.random()) * (1000 / shoppersPerS(this.shape, Date.now()))
    this.#timer = setTimeout(() => {
      this.start()
      if (this.#waiting >= waitingMax) return
      this.#waiting += 1
      this.#shop()
        // A shop that is restarting for a release answers nothing for a moment; shoppers come back.
        .catch(() => undefined)
        .finally(() => {
          this.#waiting -= 1
        })
    }, gapMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  async #shop(): Promise<void> {
    const customer = `customer-${Math.floor(Math.random() * 400)}`
    await this.#send('GET', '/items')
    if (Math.random() < 0.15) await this.#send('GET', '/healthz')
    if (Math.random() < 0.4) return
    const skus = Array.from(
      { length: 1 + Math.floor(Math.random() * 4) },
      () => `sku-${100 + Math.floor(Math.random() * 24)}`,
    )
    await this.#send('POST', '/cart', { customer, skus })
    if (Math.random() < 0.3) return
    await this.#send('POST', '/orders', { customer, region: anyOf(regions), tier: anyOf(tiers) })
  }

  async #send(method: string, path: string, body?: unknown): Promise<void> {
    const init: RequestInit = { method, headers: { 'content-type': 'application/json' } }
    if (body !== undefined) init.body = JSON.stringify(body)
    const response = await fetch(`${this.#gatewayUrl}${path}`, init)
    await response.arrayBuffer()
  }
}

function anyOf(items: readonly string[]): string {
  return items[Math.floor(Math.random() * items.length)] ?? ''
}
