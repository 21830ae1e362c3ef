import type { AnswerMeta, EventRow, TraceAnswer, TraceSpan } from '@oriel/query/contract'
import { untrack } from 'svelte'
import type { ApiError } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { buildSpanTree, type SpanTree } from './span-tree.ts'

const windowSpans = 10_000

/** A trace, its first window at once and the rest after it; the tree is built again for each window. */
export class TraceLoader {
  head = $state.raw<TraceAnswer | undefined>(undefined)
  tree = $state.raw<SpanTree | undefined>(undefined)
  error = $state.raw<ApiError | undefined>(undefined)
  loaded = $state(0)
  loading = $state(false)
  logs = $state.raw<readonly EventRow[]>([])

  get meta(): AnswerMeta | undefined {
    return this.head?.meta
  }

  load(traceId: string): () => void {
    return untrack(() => {
      const controller = new AbortController()
      this.head = undefined
      this.tree = undefined
      this.error = undefined
      this.loaded = 0
      this.loading = true
      void this.#read(traceId, controller.signal)
      return () => controller.abort()
    })
  }

  async #read(traceId: string, signal: AbortSignal): Promise<void> {
    const spans: TraceSpan[] = []
    let after: string | undefined
    do {
      const result = await client.trace(traceId, { limit: windowSpans, ...(after ? { after } : {}) })(signal)
      if (signal.aborted) return
      if (!result.ok) {
        this.error = result.error
        break
      }
      for (const span of result.value.spans) spans.push(span)
      this.head ??= result.value
      this.logs = this.head.logs
      this.tree = buildSpanTree(spans)
      this.loaded = spans.length
      // A window that brings nothing would ask for ever.
      after = result.value.spans.length > 0 ? result.value.nextAfter : undefined
    } while (after)
    this.loading = false
  }
}
