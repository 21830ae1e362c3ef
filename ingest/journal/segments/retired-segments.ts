import type { RequestReceipt } from '@oriel/core'
import type { SegmentContents } from './contents.ts'
import type { Disk } from './disk.ts'

interface Retired {
  readonly sequence: number
  readonly directory: string
  readonly receipts: readonly RequestReceipt[]
  readonly newestReceivedAtMs: number
}

/** How long a byte-identical resend is recognised. */
export const receiptRetentionMs = 10 * 60_000

/** Committed segments: their blocks are gone, their manifests stay until the last receipt in them is ten minutes old. */
export class RetiredSegments {
  readonly #disk: Disk
  #segments: Retired[] = []

  constructor(disk: Disk) {
    this.#disk = disk
  }

  add(segment: { sequence: number; directory: string; contents: SegmentContents }): void {
    const { sequence, directory, contents } = segment
    const { receipts, newestReceivedAtMs } = contents
    this.#segments.push({ sequence, directory, receipts, newestReceivedAtMs })
  }

  /**
   * Removes what is too old. The newest segment of all stays whatever its age: its number must not be given again, since the
   * store knows tokens made from it.
   */
  async purge(nowMs: number, newestSequence: number): Promise<void> {
    const isKept = (segment: Retired) =>
      segment.sequence === newestSequence || segment.newestReceivedAtMs >= nowMs - receiptRetentionMs
    const old = this.#segments.filter((segment) => !isKept(segment))
    this.#segments = this.#segments.filter(isKept)
    // what cannot be removed now is found again at the next start
    for (const { directory } of old) await this.#disk.remove(directory).catch(() => undefined)
  }

  *receipts(): Iterable<RequestReceipt> {
    for (const segment of this.#segments) yield* segment.receipts
  }
}
