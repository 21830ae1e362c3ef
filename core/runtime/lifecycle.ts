import type { Clock } from './clock.ts'

/** What every part of the process is: started in order, stopped in reverse. */
export interface Component {
  readonly name: string
  start(): Promise<void>
  /** Finishes what was accepted, then returns. Called once, also after a failed start. */
  stop(): Promise<void>
}

export interface LifecycleOptions {
  readonly clock: Clock
  /** Shared by all components; a component still draining after it is left behind and named in the report. */
  readonly drainTimeoutMs: number
}

export interface StopReport {
  readonly stopped: readonly string[]
  readonly timedOut: readonly string[]
  readonly failed: readonly { readonly name: string; readonly error: unknown }[]
}

/** Components in order of start. When one fails to start, those begun so far are stopped and `start` rejects. */
export class Lifecycle {
  readonly #components: readonly Component[]
  readonly #options: LifecycleOptions
  readonly #begun: Component[] = []
  #stopping: Promise<StopReport> | undefined

  constructor(components: readonly Component[], options: LifecycleOptions) {
    this.#components = components
    this.#options = options
  }

  async start(): Promise<void> {
    for (const component of this.#components) {
      if (this.#stopping !== undefined) return
      this.#begun.push(component)
      try {
        await component.start()
      } catch (error) {
        await this.stop()
        throw error
      }
    }
  }

  /** Stops in reverse order; calling it again gives the same report. Never rejects. */
  stop(): Promise<StopReport> {
    this.#stopping ??= this.#stopAll()
    return this.#stopping
  }

  async #stopAll(): Promise<StopReport> {
    const { clock, drainTimeoutMs } = this.#options
    const deadlineMs = clock.monotonicMs() + drainTimeoutMs
    const report = {
      stopped: [] as string[],
      timedOut: [] as string[],
      failed: [] as { name: string; error: unknown }[],
    }
    for (const component of [...this.#begun].reverse()) {
      const { name } = component
      try {
        const leftMs = Math.max(0, deadlineMs - clock.monotonicMs())
        const outcome = await withDeadline(component.stop(), leftMs, clock)
        report[outcome].push(name)
      } catch (error) {
        report.failed.push({ name, error })
      }
    }
    return report
  }
}

function withDeadline(work: Promise<void>, leftMs: number, clock: Clock): Promise<'stopped' | 'timedOut'> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(leftMs, () => resolve('timedOut'))
    work.then(
      () => {
        cancel()
        resolve('stopped')
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
