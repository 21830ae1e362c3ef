import type { AnswerMeta } from './answer.ts'

/** POST /sql, admin scope */
export interface SqlRequest {
  readonly sql: string
}

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly meta: AnswerMeta
}
