import { untrack } from 'svelte'
import type { ApiError } from './answer.ts'
import type { Ask } from './client.ts'

/**
 * A question and its newest answer. A new question cancels the one before; the old answer stays (shown dimmed) until the
 * new one is there, and goes when the new one fails.
 */
export class Question<T> {
  answer = $state.raw<T | undefined>(undefined)
  error = $state.raw<ApiError | undefined>(undefined)
  asking = $state(false)
  #controller: AbortController | undefined

  /** Returns the withdrawal, so that an effect can return it. */
  ask(question: Ask<T>): () => void {
    return untrack(() => {
      this.#controller?.abort()
      const controller = new AbortController()
      this.#controller = controller
      this.asking = true
      void this.#settle(question, controller)
      return () => controller.abort()
    })
  }

  async #settle(question: Ask<T>, controller: AbortController): Promise<void> {
    const result = await question(controller.signal)
    if (controller.signal.aborted || this.#controller !== controller) return
    this.asking = false
    if (result.ok) {
      this.answer = result.value
      this.error = undefined
    } else if (result.error.kind !== 'aborted') {
      this.error = result.error
      if (result.error.kind === 'refused') this.answer = undefined
    }
  }

  forget(): void {
    this.#controller?.abort()
    this.answer = undefined
    this.error = undefined
    this.asking = false
  }
}
