import type { Block, ErrorCode } from '@oriel/core'

/** A block that will not be stored as it is, with why and where it came from. */
export interface RefusedBlock {
  readonly block: Block
  readonly code: ErrorCode
  readonly message: string
  readonly rangeId: string
}

/** Resolves when the refused block is kept durably; keeping the same block twice keeps it once. */
export type OnRefusedBlock = (refused: RefusedBlock) => Promise<void>
