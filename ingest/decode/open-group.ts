import { gunzipSync } from 'node:zlib'
import { type Block, type Clock, type ErrorCode, OrielError } from '@oriel/core'
import { ByteBuffer } from '../encode/byte-buffer.ts'
import { schemaVersion } from '../encode/table.ts'
import { TableSet } from '../encode/tables/table-set.ts'
import type { Redactor } from '../redact/redact.ts'
import { type BlockIdSpace, BlockIds } from './block-ids.ts'
import type { DecodeLimits } from './decode-context.ts'
import { DecodeLedger } from './decode-ledger.ts'
import type { DecodeOutcome, DecodeRequest } from './decode-pool.ts'
import { decoders } from './decoders.ts'
import { CatalogueDeriver } from './derive/derive-catalogue.ts'
import { RedDeriver } from './derive/derive-red.ts'
import { deriveResourceKeys } from './derive/derive-resource-keys.ts'
import { TraceDeriver } from './derive/derive-traces.ts'

export interface OpenGroupOptions {
  readonly ids: BlockIdSpace
  readonly limits: DecodeLimits
  /** Largest body after decompression. */
  readonly bodyBytesMax: number
  readonly clock: Pick<Clock, 'nowMs'>
  readonly redactor?: Redactor | undefined
}

/** The blocks a worker has open: requests are added, then all is sealed with its derived rows. */
export class OpenGroup {
  readonly #options: OpenGroupOptions
  readonly #tables = new TableSet()
  readonly #ids: BlockIds
  readonly #ledger = new DecodeLedger()
  readonly #traces = new TraceDeriver()
  readonly #red = new RedDeriver()
  readonly #catalogue = new CatalogueDeriver()
  readonly #scratch = new ByteBuffer(1024 * 1024)
  /** Decompressed bytes of the requests in the open blocks: a bound on what they hold. */
  bytes = 0

  constructor(options: OpenGroupOptions) {
    this.#options = options
    this.#ids = new BlockIds(options.ids)
  }

  get rows(): number {
    return this.#tables.rows
  }

  get empty(): boolean {
    return this.#tables.rows === 0 && this.#ledger.size === 0
  }

  get idsUsed(): number {
    return this.#ids.used
  }

  /** Adds a request whole, or throws an OrielError and leaves no trace of it but its line in the ledger. */
  add(request: Omit<DecodeRequest, 'digest'>): DecodeOutcome {
    const line = {
      tenant: request.tenant,
      signal: request.signal,
      receivedAtMs: request.receivedAtMs,
      bytes: request.body.length,
    }
    const rollback = this.#tables.mark()
    try {
      const input = request.compression === 'gzip' ? this.#gunzip(request.body) : request.body
      const outcome = this.#decode(request, input)
      this.bytes += input.length
      this.#ledger.decoded(line, outcome)
      return outcome
    } catch (thrown) {
      rollback()
      const error = asOrielError(thrown)
      this.#ledger.refused(line, error.code)
      throw error
    }
  }

  #decode(request: Omit<DecodeRequest, 'digest'>, input: Uint8Array): DecodeOutcome {
    const decode = decoders[`${request.signal}/${request.encoding}`]
    if (decode === undefined) {
      throw new OrielError(
        'unsupported_media_type',
        `${request.signal} cannot be read as ${request.encoding}`,
      )
    }
    return decode(input, {
      tenant: request.tenant,
      receivedAtMs: request.receivedAtMs,
      limits: this.#options.limits,
      tables: this.#tables,
      redactor: this.#options.redactor,
    })
  }

  #gunzip(body: Uint8Array): Uint8Array {
    const { bodyBytesMax } = this.#options
    try {
      return gunzipSync(body, { maxOutputLength: bodyBytesMax })
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        const message = `the body exceeds ${bodyBytesMax} bytes after decompression (ingest.bodyBytesMax)`
        throw new OrielError('body_too_large', message, { cause })
      }
      throw new OrielError('bad_compression', 'the body is not valid gzip', { cause })
    }
  }

  /** Derives, encodes and empties. Blocks without rows are left out. */
  seal(): readonly Block[] {
    const tables = this.#tables
    this.#traces.derive(tables)
    this.#red.derive(tables)
    this.#catalogue.derive(tables, this.#options.clock.nowMs())
    deriveResourceKeys(tables, this.#options.clock.nowMs())
    this.#ledger.write(tables.ingestMinute)
    const blocks: Block[] = []
    for (const table of tables.all) {
      if (table.rows === 0) continue
      const low = this.#ids.next()
      const blockId = BlockIds.text(this.#ids.high, low)
      const rows = table.rows
      const bytes = table.finish(this.#scratch, this.#ids.high, low)
      blocks.push({ table: table.name, schemaVersion, blockId, rows, bytes })
    }
    tables.reset()
    this.bytes = 0
    return blocks
  }

  /** After a sealed group could not be appended. */
  forget(): void {
    this.#catalogue.forget()
  }
}

/** A fault of the decoder is final: the same bytes would fail again, and be resent for ever. */
function asOrielError(thrown: unknown): OrielError {
  if (thrown instanceof OrielError) return thrown
  const code: ErrorCode = 'internal'
  return new OrielError(code, 'a decoder failed', { cause: thrown, retryable: false })
}
