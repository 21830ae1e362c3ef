import type { RequestReceipt } from '@oriel/core'
import { type BlockGroup, type Clock, loadConfig, silentLogger, systemClock } from '@oriel/core'
import type { KeyVerifier } from '../admit/key-ring.ts'
import { createIngest, type Ingest } from '../app.ts'
import { ingestSettings } from '../config.ts'
import { type Reply, ToldDecodePool } from './told-decode-pool.ts'

export interface ToldIngestOptions {
  readonly settings?: Readonly<Record<string, unknown>>
  readonly reply?: Reply
  readonly keys?: KeyVerifier
  readonly clock?: Clock
  readonly receipts?: readonly RequestReceipt[]
}

export interface ToldIngest extends AsyncDisposable {
  readonly ingest: Ingest
  readonly pool: ToldDecodePool
  /** What reached the journal: the told pool appends nothing, so these are the ledger's. */
  readonly groups: readonly BlockGroup[]
  readonly url: string
}

/** Both listeners on free ports of loopback, with a told pool behind them. */
export async function startToldIngest(options: ToldIngestOptions = {}): Promise<ToldIngest> {
  const { settings = {}, reply, keys, clock = systemClock, receipts = [] } = options
  const overrides = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`ingest.${key}`, value]),
  )
  const config = loadConfig([ingestSettings], {
    overrides: { 'ingest.httpPort': 0, 'ingest.grpcPort': 0, ...overrides },
  })
  const pool = new ToldDecodePool(reply)
  const groups: BlockGroup[] = []
  const journal = {
    append: async (group: BlockGroup) => {
      groups.push(group)
    },
    receipts: () => receipts,
  }
  const ingest = createIngest({
    settings: config.get(ingestSettings),
    clock,
    logger: silentLogger,
    journal,
    createPool: () => pool,
    ...(keys === undefined ? {} : { keys }),
  })
  await ingest.start()
  const url = `http://127.0.0.1:${ingest.httpPort}`
  return { ingest, pool, groups, url, [Symbol.asyncDispose]: () => ingest.stop() }
}
