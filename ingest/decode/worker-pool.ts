import { availableParallelism } from 'node:os'
import { isMarkedAsUntransferable, Worker } from 'node:worker_threads'
import { type Component, OrielError, type RequestReceipt } from '@oriel/core'
import type { RedactRule } from '../redact/rule-redactor.ts'
import { type DecodeLimits, defaultDecodeLimits } from './decode-context.ts'
import type { DecodeOutcome, DecodePool, DecodeRequest, OnGroup } from './decode-pool.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts'

const MiB = 1024 * 1024

export interface WorkerPoolOptions {
  readonly onGroup: OnGroup
  /** Differs between any two starts of the process on one store; the upper 32 bits of every block id. */
  readonly bootId: number
  /** Threads; by default one less than the cores, at least one, at most 16. */
  readonly workers?: number
  readonly lingerMs?: number
  readonly rowsMax?: number
  readonly bytesMax?: number
  /** Largest body after decompression. */
  readonly bodyBytesMax?: number
  readonly limits?: Partial<DecodeLimits>
  /** What is dropped or masked before anything reaches the journal. */
  readonly redact?: readonly RedactRule[]
  /** The script of the threads; a test puts one here that dies. */
  readonly script?: URL
  /** Told when a worker died and was replaced. */
  readonly onWorkerCrash?: (error: Error) => void
}

interface Pending {
  readonly request: Pick<DecodeRequest, 'digest' | 'receivedAtMs'>
  readonly bytes: number
  resolve(outcome: DecodeOutcome): void
  reject(error: OrielError): void
}

/** One place for a worker: outlives the thread in it. */
interface Seat {
  readonly index: number
  worker: Worker
  readonly pending: Map<number, Pending>
  pendingBytes: number
  idsUsed: number
  onSealed: (() => void) | undefined
}

/** The DecodePool on worker threads. */
export class WorkerPool implements DecodePool, Component {
  readonly name = 'decode'
  readonly #options: WorkerPoolOptions
  readonly #seats: Seat[] = []
  readonly #appending = new Set<Promise<void>>()
  #nextId = 0
  #stopping = false
  /** Workers that died and were replaced since the start. */
  crashes = 0

  constructor(options: WorkerPoolOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const workers = this.#options.workers ?? Math.min(16, Math.max(1, availableParallelism() - 1))
    for (let index = 0; index < workers; index++) {
      const seat = { index, pending: new Map(), pendingBytes: 0, idsUsed: 0, onSealed: undefined }
      this.#seats.push({ ...seat, worker: this.#spawn(index, 0, workers) })
    }
  }

  #spawn(index: number, used: number, workers: number): Worker {
    const {
      bootId,
      lingerMs = 200,
      rowsMax = 60_000,
      bytesMax = 32 * MiB,
      bodyBytesMax = 64 * MiB,
    } = this.#options
    const settings: WorkerSettings = {
      ids: { bootId, workerIndex: index, workers, used },
      limits: { ...defaultDecodeLimits, ...this.#options.limits },
      bodyBytesMax,
      lingerMs,
      rowsMax,
      bytesMax,
      redact: this.#options.redact ?? [],
    }
    const script = this.#options.script ?? new URL('./worker.ts', import.meta.url)
    const worker = new Worker(script, { workerData: settings })
    let failure: Error | undefined
    worker.on('message', (message: FromWorker) => this.#receive(index, message))
    worker.on('error', (error: Error) => {
      failure = error
    })
    worker.on('exit', (code) => this.#exited(index, failure ?? new Error(`worker ended with code ${code}`)))
    return worker
  }

  decode(request: DecodeRequest): Promise<DecodeOutcome> {
    const seat = this.#idlest()
    if (this.#stopping || seat === undefined) {
      return Promise.reject(
        new OrielError('shutting_down', 'the decoder is not running', { retryable: true }),
      )
    }
    const { digest, receivedAtMs } = request
    const id = this.#nextId++
    const body = transferable(request.body)
    const bytes = body.length
    return new Promise((resolve, reject) => {
      seat.pending.set(id, { request: { digest, receivedAtMs }, bytes, resolve, reject })
      seat.pendingBytes += bytes
      const { tenant, signal, encoding, compression } = request
      const message: ToWorker = {
        kind: 'request',
        id,
        request: { tenant, signal, encoding, compression, receivedAtMs, body },
      }
      seat.worker.postMessage(message, [body.buffer as ArrayBuffer])
    })
  }

  /** The least loaded; the first of equals, so that little traffic makes few, larger groups. */
  #idlest(): Seat | undefined {
    let best = this.#seats[0]
    for (const seat of this.#seats)
      if (best !== undefined && seat.pendingBytes < best.pendingBytes) best = seat
    return best
  }

  #receive(index: number, message: FromWorker): void {
    const seat = this.#seats[index]
    if (seat === undefined) return
    switch (message.kind) {
      case 'failed': {
        const { code, retryable, details } = message
        this.#take(seat, message.id)?.reject(new OrielError(code, message.message, { retryable, details }))
        return
      }
      case 'sealed':
        seat.onSealed?.()
        return
      case 'group': {
        seat.idsUsed = message.idsUsed
        const appending = this.#append(seat, message)
        this.#appending.add(appending)
        void appending.finally(() => this.#appending.delete(appending))
      }
    }
  }

  #take(seat: Seat, id: number): Pending | undefined {
    const pending = seat.pending.get(id)
    if (pending !== undefined) {
      seat.pending.delete(id)
      seat.pendingBytes -= pending.bytes
    }
    return pending
  }

  async #append(seat: Seat, group: Extract<FromWorker, { kind: 'group' }>): Promise<void> {
    const settled: [Pending, DecodeOutcome][] = []
    const requests: RequestReceipt[] = []
    for (const [id, outcome] of group.outcomes) {
      const pending = this.#take(seat, id)
      if (pending === undefined) continue
      settled.push([pending, outcome])
      requests.push({ ...pending.request, ...outcome })
    }
    try {
      await this.#options.onGroup({ blocks: group.blocks, requests })
      for (const [pending, outcome] of settled) pending.resolve(outcome)
    } catch (cause) {
      const error =
        cause instanceof OrielError
          ? cause
          : new OrielError('internal', 'the group could not be appended', { cause, retryable: true })
      for (const [pending] of settled) pending.reject(error)
      const forget: ToWorker = { kind: 'forget' }
      seat.worker.postMessage(forget)
    }
  }

  #exited(index: number, error: Error): void {
    const seat = this.#seats[index]
    if (seat === undefined) return
    seat.onSealed?.()
    const failure = new OrielError('internal', 'a decode worker died', { cause: error, retryable: true })
    for (const id of [...seat.pending.keys()]) this.#take(seat, id)?.reject(failure)
    if (this.#stopping) return
    this.crashes++
    this.#options.onWorkerCrash?.(error)
    seat.worker = this.#spawn(index, seat.idsUsed, this.#seats.length)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const sealed = this.#seats.map((seat) => {
      const done = new Promise<void>((resolve) => {
        seat.onSealed = resolve
      })
      const seal: ToWorker = { kind: 'seal' }
      seat.worker.postMessage(seal)
      return done
    })
    await Promise.all(sealed)
    await Promise.allSettled([...this.#appending])
    await Promise.all(this.#seats.map((seat) => seat.worker.terminate()))
    this.#seats.length = 0
  }
}

/** The body in memory that may be given away: a view into a shared pool is copied first. */
function transferable(body: Uint8Array): Uint8Array {
  const { buffer } = body
  const whole = body.byteOffset === 0 && body.byteLength === buffer.byteLength
  if (whole && buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) return body
  return new Uint8Array(body)
}
