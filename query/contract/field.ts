import type { AnswerMeta } from './answer.ts'
import type { AttributeValue } from './event.ts'

/** GET /fields?from&to&prefix&limit : intrinsic fields and attribute keys of the catalogue */
export interface FieldInfo {
  readonly name: string
  readonly scope: 'intrinsic' | 'attribute' | 'resource'
  readonly type: 'string' | 'number' | 'bool' | 'duration' | 'time' | 'id'
  readonly rows: number
}

export interface FieldsAnswer {
  readonly fields: readonly FieldInfo[]
  readonly meta: AnswerMeta
}

/** GET /fields/:name/values?from&to&prefix&service&limit */
export interface FieldValuesAnswer {
  readonly values: readonly { readonly value: AttributeValue; readonly rows: number }[]
  /** True when the key has more distinct values than the catalogue keeps. */
  readonly highCardinality: boolean
  readonly meta: AnswerMeta
}
