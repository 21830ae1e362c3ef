/** What every part of the process is: started in order, stopped in reverse. */
export interface Component {
  readonly name: string
  start(): Promise<void>
  /** Finishes what was accepted, then returns. Called once, also after a failed start. */
  stop(): Promise<void>
}
