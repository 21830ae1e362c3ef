/** How complete an answer is. It is part of every answer with data. */
export interface AnswerMeta {
  readonly requestId: string
  readonly elapsedMs: number
  readonly rowsRead: number
  readonly bytesRead: number
  /** Everything received before this instant (Unix ms) is in the answer. */
  readonly completeThroughMs: number
  /** 'none': all rows have weight 1 · 'weighted': estimates from sampled rows · 'unknown': some rows came with unknown sampling. */
  readonly sampling: 'none' | 'weighted' | 'unknown'
  /** Non-empty when something was left out, with the reason and how to get the rest. */
  readonly cuts: readonly AnswerCut[]
}

export interface AnswerCut {
  readonly what: string
  readonly limit: string
  readonly advice: string
}

export interface ErrorAnswer {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly advice: string
    readonly requestId: string
    /** For a predicate: the span of characters at fault, zero-based, end exclusive. */
    readonly position?: { readonly start: number; readonly end: number }
  }
}

/** From and to: Unix milliseconds, RFC 3339, or relative to now such as `now-1h`. `from` inclusive, `to` exclusive. */
export interface TimeRange {
  readonly from: number | string
  readonly to: number | string
}
