import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { OrielError, systemClock } from '@oriel/core'
import { redactorOf } from '../redact/rule-redactor.ts'
import type { DecodeOutcome } from './decode-pool.ts'
import { OpenGroup } from './open-group.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts'

/** One decode thread: collects requests into an open group and seals it after the linger or at a size bound. */
function serve(port: MessagePort, settings: WorkerSettings): void {
  const group = new OpenGroup({ ...settings, clock: systemClock, redactor: redactorOf(settings.redact) })
  let outcomes: (readonly [number, DecodeOutcome])[] = []
  let cancelLinger: (() => void) | undefined
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

  const seal = () => {
    cancelLinger?.()
    cancelLinger = undefined
    if (group.empty && outcomes.length === 0) return
    const blocks = group.seal()
    const buffers = blocks.map((block) => block.bytes.buffer as ArrayBuffer)
    send({ kind: 'group', blocks, outcomes, idsUsed: group.idsUsed }, buffers)
    outcomes = []
  }

  const add = ({ id, request }: Extract<ToWorker, { kind: 'request' }>) => {
    try {
      outcomes.push([id, group.add(request)])
    } catch (thrown) {
      const error = thrown instanceof OrielError ? thrown : new OrielError('internal', String(thrown))
      const { code, message, retryable, details } = error
      send({ kind: 'failed', id, code, message, retryable, details })
    }
    if (group.rows >= settings.rowsMax || group.bytes >= settings.bytesMax) seal()
    else cancelLinger ??= systemClock.after(settings.lingerMs, seal)
  }

  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'request':
        add(message)
        return
      case 'seal':
        seal()
        send({ kind: 'sealed' })
        return
      case 'forget':
        group.forget()
    }
  })
}

if (parentPort !== null) serve(parentPort, workerData as WorkerSettings)
