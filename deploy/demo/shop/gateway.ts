import { trace } from '@opentelemetry/api'
import { call, log, serve, step, work } from './service.ts'

const { CATALOGUE_URL, CART_URL, CHECKOUT_URL } = process.env

serve({
  'GET /': async () => {
    await work(1)
    return { status: 200, body: { shop: 'open' } }
  },
  'GET /healthz': async () => ({ status: 200, body: { ok: true } }),
  'GET /items': async () => ({ status: 200, body: await call(CATALOGUE_URL, 'GET', '/items') }),
  'POST /cart': async ({ body }) => {
    const cart = await call(CART_URL, 'POST', '/cart', body)
    return { status: 200, body: cart }
  },
  'POST /orders': async ({ body }) => {
    const customer = String(body.customer)
    trace.getActiveSpan()?.setAttributes({ 'customer.id': customer, 'customer.tier': String(body.tier) })
    await step('auth.verify', { 'auth.method': 'token' }, () => work(3))
    const order = await call<{ orderId: string }>(CHECKOUT_URL, 'POST', '/checkout', body)
    log('info', `order ${order.orderId} placed`, { 'customer.id': customer, 'order.id': order.orderId })
    return { status: 201, body: order }
  },
})
