import { OrielError } from '@oriel/core'
import type { DecodeOutcome, DecodePool, DecodeRequest } from '../decode/decode-pool.ts'

export interface ToldRequest extends DecodeRequest {
  /** Ends the request as a group that became durable would. */
  readonly resolve: (outcome?: Partial<DecodeOutcome>) => void
  readonly reject: (error: Error) => void
}

export type Reply = (request: DecodeRequest) => Partial<DecodeOutcome> | Error | 'wait'

/**
 * A decode pool that records what reaches it and answers as told: at once with `reply`, or, for 'wait', when the test
 * ends the request. Like the real one it takes ownership of the body, so it checks that the body can be transferred.
 */
export class ToldDecodePool implements DecodePool {
  readonly requests: ToldRequest[] = []
  reply: Reply
  #stopped = false

  constructor(reply: Reply = () => ({ accepted: 1 })) {
    this.reply = reply
  }

  decode(request: DecodeRequest): Promise<DecodeOutcome> {
    if (this.#stopped) return Promise.reject(new OrielError('internal', 'decode after stop'))
    const { buffer, byteLength } = request.body
    if (buffer.byteLength !== byteLength) {
      return Promise.reject(new OrielError('internal', 'the body is a part of a larger buffer'))
    }
    const body = new Uint8Array(structuredClone(buffer, { transfer: [buffer as ArrayBuffer] }))
    const { promise, resolve, reject } = Promise.withResolvers<DecodeOutcome>()
    const settle = (outcome: Partial<DecodeOutcome> = {}) =>
      resolve({ accepted: 0, rejected: 0, message: '', ...outcome })
    this.requests.push({ ...request, body, resolve: settle, reject })
    const told = this.reply(request)
    if (told instanceof Error) reject(told)
    else if (told !== 'wait') settle(told)
    return promise
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true
  }
}
