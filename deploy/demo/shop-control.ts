import http from 'node:http'
import { type LoadShape, loadShapes } from './load-shape.ts'
import { type Release, releases, type Shop } from './shop.ts'
import type { Shoppers } from './shoppers.ts'

/** `POST /release/bad|good` and `POST /load/steady|spiky`; GET tells what is in force. */
export function startShopControl(shop: Shop, shoppers: Shoppers, port: number): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    change(shop, shoppers, request).then(
      (status) => {
        const state = { release: shop.release, version: releases[shop.release], load: shoppers.shape }
        response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(state)}\n`)
      },
      (error: unknown) => {
        response
          .writeHead(500, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: String(error) }))
      },
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

async function change(shop: Shop, shoppers: Shoppers, request: http.IncomingMessage): Promise<number> {
  if (request.method === 'GET') return 200
  const [, what, value = ''] = (request.url ?? '').split('/')
  if (request.method !== 'POST') return 405
  if (what === 'release' && value in releases) {
    await shop.deploy(value as Release)
    return 200
  }
  if (what === 'load' && (loadShapes as readonly string[]).includes(value)) {
    shoppers.shape = value as LoadShape
    return 200
  }
  return 404
}
