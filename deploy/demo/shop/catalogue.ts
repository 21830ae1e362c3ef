import { serve, step, work } from './service.ts'

const items = Array.from({ length: 24 }, (_, index) => ({
  sku: `sku-${100 + index}`,
  priceCents: 490 + index * 130,
}))

serve({
  'GET /items': async () => {
    await step(
      'db.query',
      { 'db.system.name': 'sqlite', 'db.query.text': 'SELECT sku, price FROM items' },
      () => work(2),
    )
    return { status: 200, body: { items } }
  },
  'GET /item': async ({ url }) => {
    const sku = url.searchParams.get('sku') ?? ''
    await step(
      'db.query',
      {
        'db.system.name': 'sqlite',
        'db.query.text': 'SELECT price FROM items WHERE sku = ?',
        'shop.sku': sku,
      },
      () => work(1),
    )
    const item = items.find((candidate) => candidate.sku === sku)
    return item === undefined
      ? { status: 404, body: { error: `no item ${sku}` } }
      : { status: 200, body: item }
  },
})
