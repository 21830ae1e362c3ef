/** Why a question has no answer. `aborted` is not shown: the question changed. */
export interface ApiError {
  readonly kind: 'refused' | 'unreachable' | 'unreadable' | 'aborted'
  readonly code: string
  readonly message: string
  readonly advice: string
  readonly requestId: string
  readonly position?: { readonly start: number; readonly end: number }
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError }
