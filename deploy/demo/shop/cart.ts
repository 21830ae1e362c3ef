import { call, log, serve, step, work } from './service.ts'

const { CATALOGUE_URL } = process.env
const carts = new Map<string, string[]>()
const cartsMax = 1000

serve({
  'POST /cart': async ({ body }) => {
    const customer = String(body.customer)
    const skus = Array.isArray(body.skus) ? body.skus.map(String) : []
    for (const sku of skus) await call(CATALOGUE_URL, 'GET', `/item?sku=${encodeURIComponent(sku)}`)
    await step('cache.set', { 'db.system.name': 'redis', 'cart.items': skus.length }, () => work(1))
    if (carts.size >= cartsMax) carts.clear()
    carts.set(customer, skus)
    return { status: 200, body: { items: skus.length } }
  },
  'GET /cart': async ({ url }) => {
    const skus = carts.get(url.searchParams.get('customer') ?? '') ?? []
    await step('cache.get', { 'db.system.name': 'redis', 'cache.hit': skus.length > 0 }, () => work(1))
    if (skus.length === 0) log('warn', 'cart is empty at checkout')
    return { status: 200, body: { skus } }
  },
})
