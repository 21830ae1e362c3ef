export interface Order {
  readonly customer: string
  readonly region: string
}

/** Fills a cart and orders it, as a shopper does; returns the status of the order. */
export async function order(gatewayUrl: string, { customer, region }: Order): Promise<number> {
  await post(`${gatewayUrl}/cart`, { customer, skus: ['sku-101', 'sku-102'] })
  return post(`${gatewayUrl}/orders`, { customer, region, tier: 'gold' })
}

/** Orders from the region whose payment provider fails now and then, until one has failed. */
export async function orderUntilOneFails(gatewayUrl: string): Promise<{ orders: number; failed: number }> {
  for (let round = 0; round < 30; round += 1) {
    const customers = Array.from({ length: 8 }, (_, at) => `customer-${round}-${at}`)
    const statuses = await Promise.all(
      customers.map((customer) => order(gatewayUrl, { customer, region: 'eu-south' })),
    )
    const failed = statuses.filter((status) => status === 500).length
    if (failed > 0) return { orders: (round + 1) * customers.length, failed }
  }
  throw new Error('of 240 orders from eu-south none failed, although one in seven should')
}

async function post(url: string, body: unknown): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  return response.status
}
