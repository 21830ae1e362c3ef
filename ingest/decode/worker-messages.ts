import type { Block, ErrorCode } from '@oriel/core'
import type { RedactRule } from '../redact/rule-redactor.ts'
import type { BlockIdSpace } from './block-ids.ts'
import type { DecodeLimits } from './decode-context.ts'
import type { DecodeOutcome, DecodeRequest } from './decode-pool.ts'

export interface WorkerSettings {
  readonly ids: BlockIdSpace
  readonly limits: DecodeLimits
  readonly bodyBytesMax: number
  readonly lingerMs: number
  readonly rowsMax: number
  readonly bytesMax: number
  readonly redact: readonly RedactRule[]
}

export type ToWorker =
  | { readonly kind: 'request'; readonly id: number; readonly request: Omit<DecodeRequest, 'digest'> }
  | { readonly kind: 'seal' }
  | { readonly kind: 'forget' }

export type FromWorker =
  | {
      readonly kind: 'group'
      readonly blocks: readonly Block[]
      readonly outcomes: readonly (readonly [id: number, outcome: DecodeOutcome])[]
      readonly idsUsed: number
    }
  | {
      readonly kind: 'failed'
      readonly id: number
      readonly code: ErrorCode
      readonly message: string
      readonly retryable: boolean
      readonly details: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'sealed' }
