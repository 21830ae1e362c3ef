import type { AnswerMeta, EventRow, SearchAnswer, SearchRequest } from '@oriel/query/contract'
import { untrack } from 'svelte'
import type { ApiError } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { Question } from '../api/question.svelte.ts'

/** Results newest first, page by page on the snapshot of the first. */
export class Pages {
  first = new Question<SearchAnswer>()
  older = $state.raw<readonly EventRow[]>([])
  loadingOlder = $state(false)
  olderError = $state.raw<ApiError | undefined>(undefined)
  #cursor = $state.raw<string | undefined>(undefined)
  #request: SearchRequest | undefined
  #controller: AbortController | undefined

  get rows(): readonly EventRow[] {
    const first = this.first.answer?.events ?? []
    return this.older.length > 0 ? [...first, ...this.older] : first
  }

  get meta(): AnswerMeta | undefined {
    return this.first.answer?.meta
  }

  get hasOlder(): boolean {
    return (this.older.length > 0 ? this.#cursor : this.first.answer?.nextCursor) !== undefined
  }

  ask(request: SearchRequest): () => void {
    return untrack(() => {
      this.#controller?.abort()
      this.#request = request
      this.older = []
      this.olderError = undefined
      this.loadingOlder = false
      return this.first.ask(client.search(request))
    })
  }

  async askOlder(): Promise<void> {
    const cursor = this.older.length > 0 ? this.#cursor : this.first.answer?.nextCursor
    if (!this.#request || cursor === undefined || this.loadingOlder) return
    const controller = new AbortController()
    this.#controller = controller
    this.loadingOlder = true
    const result = await client.search({ ...this.#request, cursor })(controller.signal)
    if (controller.signal.aborted) return
    this.loadingOlder = false
    if (result.ok) {
      this.older = [...this.older, ...result.value.events]
      this.#cursor = result.value.nextCursor
      this.olderError = undefined
    } else this.olderError = result.error
  }
}
