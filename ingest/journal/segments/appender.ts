import { join } from 'node:path'
import type { BlockGroup, Clock } from '@oriel/core'
import { OrielError } from '@oriel/core'
import type { SegmentContents } from './contents.ts'
import type { Disk } from './disk.ts'
import type { JournalLimits } from './journal-limits.ts'
import { OpenSegment } from './open-segment.ts'
import { segmentName } from './recover-journal.ts'
import { Room } from './room.ts'

export interface AppenderOptions {
  readonly journalDirectory: string
  readonly clock: Clock
  readonly disk: Disk
  readonly limits: JournalLimits
  readonly nextSequence: number
  /** Takes each segment that is full, wanted or broken; its files are closed unless it still needs its cut. */
  readonly onSealed: (segment: OpenSegment) => void
  /** Something was appended or sealed. */
  readonly onChanged: () => void
}

interface Waiting {
  readonly group: BlockGroup
  readonly bytes: number
  readonly receivedAtMs: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Group commit: groups that arrive while a round is being synced share the next one. */
export class Appender {
  appendedGroups = 0
  pendingBytes = 0
  readonly #options: AppenderOptions
  #nextSequence: number
  #open: OpenSegment | undefined
  #pending: Waiting[] = []
  #driving: Promise<void> | undefined
  #sealWanted = false
  #sealedAtMs = Number.NEGATIVE_INFINITY

  constructor(options: AppenderOptions) {
    this.#options = options
    this.#nextSequence = options.nextSequence
  }

  get newestSequence(): number {
    return this.#nextSequence - 1
  }

  /** Of the open segment; undefined when nothing was appended since the last seal. */
  get contents(): SegmentContents | undefined {
    return this.#open?.contents
  }

  /** Oldest receive time among the groups not yet durable; infinite when there are none. */
  get oldestPendingMs(): number {
    return Math.min(...this.#pending.map((of) => of.receivedAtMs))
  }

  append(group: BlockGroup, bytes: number): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    const receivedAtMs = Math.min(nowMs, ...group.requests.map((request) => request.receivedAtMs))
    return new Promise((resolve, reject) => {
      this.#pending.push({ group, bytes, receivedAtMs, resolve, reject })
      this.pendingBytes += bytes
      this.#drive()
    })
  }

  /** The subscriber is idle: seal what there is, but not sooner than `sealMinAgeMs` after the last time. Returns how to cancel. */
  sealWhenDue(): () => void {
    const { clock, limits, onChanged } = this.#options
    if (this.#open === undefined || this.#open.contents.groups === 0) return () => undefined
    const inMs = this.#sealedAtMs + limits.sealMinAgeMs - clock.monotonicMs()
    if (inMs > 0) return clock.after(inMs, onChanged)
    this.#sealWanted = true
    this.#drive()
    return () => undefined
  }

  /** Finishes the rounds in hand and closes the open segment's files. */
  async close(): Promise<void> {
    await this.#driving
    await this.#open?.close()
    this.#open = undefined
  }

  /** The one loop that writes: rounds and seals never overlap. */
  #drive(): void {
    this.#driving ??= this.#work()
  }

  async #work(): Promise<void> {
    // lets appends of the same turn join the round
    await undefined
    while (this.#sealWanted || this.#pending.length > 0) {
      if (this.#sealWanted) await this.#seal()
      else await this.#round()
      this.#options.onChanged()
    }
    // in the same turn as the loop's last look, or an append in between would wait for ever
    this.#driving = undefined
  }

  async #round(): Promise<void> {
    let round: readonly Waiting[] = []
    try {
      await this.#checkFreeBytes()
      const segment = await this.#openSegment()
      round = this.#takeRound(segment)
      if (round.length === 0) return await this.#seal()
      const receivedAtMs = Math.min(...round.map((of) => of.receivedAtMs))
      const groups = round.map((of) => of.group)
      await segment.append(groups, receivedAtMs)
      this.appendedGroups += round.length
      this.#settle(round)
    } catch (error) {
      const failed = round.length > 0 ? round : this.#pending.splice(0)
      if (this.#open?.broken) await this.#seal()
      this.#settle(failed, toJournalFull(error))
    }
  }

  #takeRound(segment: OpenSegment): Waiting[] {
    const room = new Room(segment.contents, this.#options.limits.segment)
    const until = this.#pending.findIndex((of) => !room.take(of.group))
    return this.#pending.splice(0, until === -1 ? this.#pending.length : until)
  }

  #settle(round: readonly Waiting[], error?: OrielError): void {
    for (const { bytes, resolve, reject } of round) {
      this.pendingBytes -= bytes
      if (error === undefined) resolve()
      else reject(error)
    }
  }

  async #checkFreeBytes(): Promise<void> {
    const { disk, journalDirectory, limits } = this.#options
    const left = (await disk.freeBytes(journalDirectory)) - this.pendingBytes
    if (left >= limits.freeBytesMin) return
    const message = `the disk would have ${left} bytes free, less than ${limits.freeBytesMin} (journal.freeBytesMin)`
    throw new OrielError('journal_full', message, { retryable: true })
  }

  async #openSegment(): Promise<OpenSegment> {
    if (this.#open !== undefined) return this.#open
    const { disk, journalDirectory, limits } = this.#options
    const sequence = this.#nextSequence
    const directory = join(journalDirectory, segmentName(sequence))
    this.#nextSequence += 1
    try {
      this.#open = await OpenSegment.create({
        disk,
        journalDirectory,
        directory,
        sequence,
        sync: limits.sync,
      })
    } catch (error) {
      await disk.remove(directory).catch(() => undefined)
      throw error
    }
    return this.#open
  }

  async #seal(): Promise<void> {
    const segment = this.#open
    this.#sealWanted = false
    if (segment === undefined || (segment.contents.groups === 0 && !segment.broken)) return
    this.#open = undefined
    this.#sealedAtMs = this.#options.clock.monotonicMs()
    const isEmpty = segment.contents.groups === 0
    // handed on in the same turn, or its rows and receipts would be missing from the figures for a while
    if (!isEmpty) this.#options.onSealed(segment)
    if (isEmpty || !segment.needsCut) await segment.close().catch(() => undefined)
    if (isEmpty) await this.#options.disk.remove(segment.directory).catch(() => undefined)
  }
}

/** Whatever kept the group off the disk, the sender should hold it and send it again. */
function toJournalFull(error: unknown): OrielError {
  if (error instanceof OrielError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new OrielError('journal_full', `the journal cannot write: ${reason}`, {
    cause: error,
    retryable: true,
  })
}
