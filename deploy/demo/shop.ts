import { ShopProcess } from './shop-process.ts'

export const releases = { good: '2.13.2', bad: '2.14.0' } as const
export type Release = keyof typeof releases

/** The shop: five services with telemetry and a payment provider without. */
export class Shop {
  readonly #otlpEndpoint: string
  readonly #running = new Map<string, ShopProcess>()
  #changing: Promise<void> = Promise.resolve()
  release: Release = 'good'

  constructor(otlpEndpoint: string) {
    this.#otlpEndpoint = otlpEndpoint
  }

  async start(): Promise<void> {
    const provider = await ShopProcess.start({ name: 'provider', version: '1' })
    this.#running.set('provider', provider)
    const catalogue = await this.#startService('catalogue', {})
    const cart = await this.#startService('cart', { CATALOGUE_URL: catalogue.url })
    const payment = await this.#startService('payment', { PROVIDER_URL: provider.url })
    const checkout = await this.#startService('checkout', {
      CART_URL: cart.url,
      CATALOGUE_URL: catalogue.url,
      PAYMENT_URL: payment.url,
    })
    await this.#startService('gateway', {
      CATALOGUE_URL: catalogue.url,
      CART_URL: cart.url,
      CHECKOUT_URL: checkout.url,
    })
  }

  get gatewayUrl(): string {
    return this.#get('gateway').url
  }

  /** Deploys a release of checkout: the old process drains and the new one takes its port. */
  deploy(release: Release): Promise<void> {
    this.#changing = this.#changing.then(() => this.#deployNow(release))
    return this.#changing
  }

  async stop(): Promise<void> {
    await this.#changing
    await Promise.all([...this.#running.values()].map((process) => process.stop()))
  }

  async #deployNow(release: Release): Promise<void> {
    const checkout = this.#get('checkout')
    await checkout.stop()
    this.release = release
    await this.#startService(
      'checkout',
      {
        CART_URL: this.#get('cart').url,
        CATALOGUE_URL: this.#get('catalogue').url,
        PAYMENT_URL: this.#get('payment').url,
      },
      checkout.port,
    )
  }

  async #startService(name: string, environment: Record<string, string>, port = 0): Promise<ShopProcess> {
    const bad = name === 'checkout' && this.release === 'bad'
    const started = await ShopProcess.start({
      name,
      version: name === 'checkout' ? releases[this.release] : releases.good,
      otlpEndpoint: this.#otlpEndpoint,
      port,
      environment: { ...environment, SHOP_BAD_RELEASE: String(bad) },
    })
    this.#running.set(name, started)
    return started
  }

  #get(name: string): ShopProcess {
    const found = this.#running.get(name)
    if (found === undefined) throw new Error(`the demo's ${name} is not running`)
    return found
  }
}
