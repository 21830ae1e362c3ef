import type { BlockGroup, Clock, RequestReceipt, TelemetryTable } from '@oriel/core'
import { OrielError } from '@oriel/core'
import type {
  InsertPlan,
  Journal,
  JournalBlocks,
  JournalMemory,
  JournalRange,
  JournalStats,
  JournalWork,
  RangeBlock,
} from '../journal.ts'
import type { OnRefusedBlock } from '../refused-block.ts'
import { Appender } from './appender.ts'
import type { SegmentContents } from './contents.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { readOrCreateJournalId } from './journal-id.ts'
import { defaultJournalLimits, type JournalLimits } from './journal-limits.ts'
import type { OpenSegment } from './open-segment.ts'
import { rangeIdOf, recoverJournal } from './recover-journal.ts'
import type { RecoveredSegment } from './recover-segment.ts'
import { RetiredSegments, receiptRetentionMs } from './retired-segments.ts'
import { SealedSegment, type SealedSegmentOptions } from './sealed-segment.ts'
import { WakeUp } from './wake-up.ts'

export interface SegmentsJournalOptions {
  /** `<data directory>/journal`; the caller holds the lock of the data directory. */
  readonly directory: string
  readonly clock: Clock
  /** Takes blocks whose check sum does not match at start. */
  readonly onRefused: OnRefusedBlock
  readonly limits?: Partial<JournalLimits>
  readonly disk?: Disk
}

/** What the recovery at open found. */
export interface RecoveryCounts {
  readonly segments: number
  readonly tornBytes: number
  readonly corruptBlocks: number
}

const cutRetryMs = 1_000

/** The journal on segment files in one directory, for one process. */
export class SegmentsJournal implements Journal, JournalMemory, JournalBlocks {
  readonly id: string
  readonly recovered: RecoveryCounts
  readonly #clock: Clock
  readonly #disk: Disk
  readonly #limits: JournalLimits
  readonly #retired: RetiredSegments
  readonly #appender: Appender
  readonly #changed = new WakeUp()
  #sealed: SealedSegment[] = []
  #subscribed = false
  #closed = false
  #committedRanges = 0

  private constructor(options: SegmentsJournalOptions, id: string, segments: readonly RecoveredSegment[]) {
    const { directory: journalDirectory, clock, disk = nodeDisk } = options
    this.id = id
    this.#clock = clock
    this.#disk = disk
    this.#limits = { ...defaultJournalLimits, ...options.limits }
    this.#retired = new RetiredSegments(disk)
    for (const segment of segments) {
      if (segment.kind === 'done' || segment.contents.groups === 0) this.#retired.add(segment)
      else this.#seal(segment)
    }
    this.#sealed.sort((a, b) => Number(b.plan !== undefined) - Number(a.plan !== undefined))
    this.recovered = {
      segments: this.#sealed.length,
      tornBytes: segments.reduce((sum, segment) => sum + segment.tornBytes, 0),
      corruptBlocks: segments.reduce((sum, segment) => sum + segment.corruptBlocks, 0),
    }
    this.#appender = new Appender({
      journalDirectory,
      clock,
      disk,
      limits: this.#limits,
      nextSequence: Math.max(0, ...segments.map((segment) => segment.sequence)) + 1,
      onSealed: (segment) => this.#sealOpen(segment),
      onChanged: () => this.#changed.notify(),
    })
  }

  /** Recovers what the run before left, then takes appends. */
  static async open(options: SegmentsJournalOptions): Promise<SegmentsJournal> {
    const { directory, onRefused, disk = nodeDisk } = options
    await disk.makeDirectory(directory)
    const journalId = await readOrCreateJournalId(disk, directory)
    const segments = await recoverJournal({ disk, journalDirectory: directory, journalId, onRefused })
    const journal = new SegmentsJournal(options, journalId, segments)
    await journal.#purge()
    return journal
  }

  async append(group: BlockGroup): Promise<void> {
    if (this.#closed) throw new OrielError('shutting_down', 'the journal is closed', { retryable: true })
    const bytes = group.blocks.reduce((sum, block) => sum + block.bytes.length, 0)
    const { bytesMax } = this.#limits
    const wouldBe = this.#bytes() + bytes
    if (wouldBe > bytesMax) {
      const message = `the journal would hold ${wouldBe} bytes, more than ${bytesMax} (journal.bytesMax)`
      throw new OrielError('journal_full', message, { retryable: true })
    }
    await this.#appender.append(group, bytes)
  }

  /** One subscriber at a time. Ends when the signal aborts or the journal closes. */
  async *subscribe(signal: AbortSignal): AsyncGenerator<JournalWork> {
    if (this.#subscribed) throw new OrielError('internal', 'the journal has a subscriber already')
    this.#subscribed = true
    try {
      for (;;) {
        const segment = await this.#nextSealed(signal)
        if (segment === undefined) return
        yield segment.work()
        while (this.#sealed.includes(segment) && !signal.aborted) await this.#changed.wait(signal)
      }
    } finally {
      this.#subscribed = false
    }
  }

  async plan(range: JournalRange, plan: InsertPlan): Promise<void> {
    await this.#find(range.id).keepPlan(plan)
  }

  async commit(plan: InsertPlan): Promise<void> {
    const segment = this.#find(plan.rangeId)
    await segment.finish()
    this.#sealed = this.#sealed.filter((of) => of !== segment)
    this.#retired.add(segment)
    this.#committedRanges += 1
    this.#changed.notify()
    await this.#purge()
  }

  async split(range: JournalRange, table: TelemetryTable): Promise<readonly RangeBlock[]> {
    return this.#find(range.id).split(table)
  }

  stats(): JournalStats {
    const contents = this.#contents()
    const oldest = Math.min(this.#appender.oldestPendingMs, ...contents.map((of) => of.oldestReceivedAtMs))
    return {
      bytes: this.#bytes(),
      bytesMax: this.#limits.bytesMax,
      rows: contents.reduce((sum, { rows }) => sum + rows, 0),
      oldestReceivedAtMs: Number.isFinite(oldest) ? oldest : undefined,
      appendedGroups: this.#appender.appendedGroups,
      committedRanges: this.#committedRanges,
    }
  }

  *receipts(): Iterable<RequestReceipt> {
    const sinceMs = this.#clock.nowMs() - receiptRetentionMs
    for (const receipt of this.#retired.receipts()) if (receipt.receivedAtMs >= sinceMs) yield receipt
    for (const { receipts } of this.#contents()) {
      for (const receipt of receipts) if (receipt.receivedAtMs >= sinceMs) yield receipt
    }
  }

  /** Appends what was accepted, then closes the files. What is not yet stored stays for the next open. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#appender.close()
    for (const segment of this.#sealed) await segment.release()
    this.#changed.notify()
  }

  #contents(): readonly SegmentContents[] {
    const sealed = this.#sealed.map((segment) => segment.contents)
    const { contents } = this.#appender
    return contents === undefined ? sealed : [...sealed, contents]
  }

  #bytes(): number {
    return this.#contents().reduce((sum, { bytes }) => sum + bytes, this.#appender.pendingBytes)
  }

  #find(rangeId: string): SealedSegment {
    const segment = this.#sealed.find((of) => of.range.id === rangeId)
    if (segment === undefined) throw new OrielError('internal', `range ${rangeId} is not in the journal`)
    return segment
  }

  #seal(segment: Omit<SealedSegmentOptions, 'disk' | 'rangeId'>): void {
    const rangeId = rangeIdOf(this.id, segment.sequence)
    this.#sealed.push(new SealedSegment({ ...segment, disk: this.#disk, rangeId }))
  }

  #sealOpen(open: OpenSegment): void {
    const { sequence, directory, contents, needsCut } = open
    this.#seal({ sequence, directory, contents, open: needsCut ? open : undefined })
  }

  async #purge(): Promise<void> {
    await this.#retired.purge(this.#clock.nowMs(), this.#appender.newestSequence)
  }

  async #nextSealed(signal: AbortSignal): Promise<SealedSegment | undefined> {
    while (!signal.aborted && !this.#closed) {
      const [first] = this.#sealed
      if (first === undefined) {
        const cancel = this.#appender.sealWhenDue()
        await this.#changed.wait(signal)
        cancel()
      } else if (await first.isCut()) return first
      else await this.#clock.sleep(cutRetryMs, signal).catch(() => undefined)
    }
    return undefined
  }
}
