import { randomUUID } from 'node:crypto'
import { trace } from '@opentelemetry/api'
import { call, log, serve, step, work } from './service.ts'

const { CART_URL, CATALOGUE_URL, PAYMENT_URL } = process.env
/** The bad release: asks for each price one by one, twice, and forgets to close what it opens. */
const badRelease = process.env.SHOP_BAD_RELEASE === 'true'

serve({
  'POST /checkout': async ({ body }) => {
    const customer = String(body.customer)
    trace
      .getActiveSpan()
      ?.setAttributes({ 'customer.tier': String(body.tier), 'payment.region': String(body.region) })
    const { skus } = await call<{ skus: string[] }>(
      CART_URL,
      'GET',
      `/cart?customer=${encodeURIComponent(customer)}`,
    )
    const amountCents = await step('price.total', { 'cart.items': skus.length }, () => priceOf(skus))
    await step('stock.reserve', { 'cart.items': skus.length }, () => work(8))
    if (badRelease && Math.random() < 0.25) {
      throw new TypeError("cannot read properties of undefined (reading 'currency')")
    }
    await call(PAYMENT_URL, 'POST', '/charge', { amountCents, region: body.region, customer })
    const orderId = randomUUID()
    await step(
      'db.insert',
      { 'db.system.name': 'sqlite', 'db.query.text': 'INSERT INTO orders VALUES (?, ?)' },
      () => work(4),
    )
    log('info', 'order stored', { 'order.id': orderId, 'order.amount_cents': amountCents })
    return { status: 201, body: { orderId } }
  },
})

async function priceOf(skus: readonly string[]): Promise<number> {
  let total = 0
  const asked = badRelease ? [...skus, ...skus, ...skus, ...skus] : skus
  for (const sku of asked) {
    if (badRelease) await work(25)
    const item = await call<{ priceCents: number }>(
      CATALOGUE_URL,
      'GET',
      `/item?sku=${encodeURIComponent(sku)}`,
    )
    total += item.priceCents
  }
  return badRelease ? total / 4 : total
}
