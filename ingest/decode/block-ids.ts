import { OrielError } from '@oriel/core'

const lanes = 64
const perLane = 2 ** 26

export interface BlockIdSpace {
  /** Upper half of every id of this boot. */
  readonly bootId: number
  readonly workerIndex: number
  readonly workers: number
  /** Ids this worker's place has used already, by a worker that crashed. */
  readonly used: number
}

/**
 * Block ids of one worker: boot id · lane (6 bits) · sequence (26 bits). A worker whose lane is used up (some weeks at full
 * load) goes on in the lane `workers` further, which belongs to nobody else.
 */
export class BlockIds {
  readonly high: number
  readonly #space: BlockIdSpace
  used: number

  constructor(space: BlockIdSpace) {
    this.high = space.bootId >>> 0
    this.#space = space
    this.used = space.used
  }

  /** The lower half of the next id. */
  next(): number {
    const lane = this.#space.workerIndex + this.#space.workers * Math.floor(this.used / perLane)
    if (lane >= lanes)
      throw new OrielError('internal', 'the block ids of this start are used up; restart the process')
    const low = lane * perLane + (this.used % perLane)
    this.used++
    return low
  }

  static text(high: number, low: number): string {
    return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
  }
}
