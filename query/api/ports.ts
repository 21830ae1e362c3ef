import type { HealthAnswer } from '../contract.ts'
import type { IngestState } from '../execute/ingest-status.ts'
import type { Access, Scope } from './access.ts'

/** One wide event per request, into our own store; the request id finds it. */
export interface RequestEvent {
  readonly requestId: string
  readonly timeMs: number
  readonly durationMs: number
  readonly method: string
  readonly route: string
  readonly status: number
  readonly tenant: string
  readonly actor: string
  readonly errorCode: string
  readonly rowsRead: number
  readonly bytesRead: number
}

export interface RequestEvents {
  /** Never throws, never waits. */
  emit(event: RequestEvent): void
}

export interface KeyInfo {
  readonly keyId: string
  readonly name: string
  readonly tenant: string
  readonly scopes: readonly Scope[]
  readonly createdAtMs: number
  readonly revokedAtMs: number | undefined
}

export interface KeyAdmin {
  /** The secret is in this answer and nowhere else. */
  create(given: {
    readonly name: string
    readonly tenant: string
    readonly scopes: readonly Scope[]
    readonly actor: string
  }): Promise<KeyInfo & { readonly secret: string }>
  list(): Promise<readonly KeyInfo[]>
  /** False when there is no such key. */
  revoke(keyId: string, actor: string): Promise<boolean>
}

export interface DeadLetter {
  readonly id: string
  readonly reason: string
  readonly atMs: number
  readonly rows: number
  readonly bytes: number
}

export interface DeadLetterAdmin {
  list(): Promise<readonly DeadLetter[]>
  /** False when there is no such letter. */
  replay(id: string): Promise<boolean>
}

export interface ApiPorts {
  readonly keyAdmin: KeyAdmin
  readonly deadLetters: DeadLetterAdmin
  readonly requestEvents: RequestEvents
  readonly ingest: IngestState
  health(): HealthAnswer
}

export type ApiVariables = {
  requestId: string
  access: Access | undefined
  errorCode: string
  rowsRead: number
  bytesRead: number
}
export type ApiEnv = { Variables: ApiVariables }
