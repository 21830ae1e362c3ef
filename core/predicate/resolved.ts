import type { EventField } from '../model/fields.ts'

export type Target =
  | { readonly kind: 'field'; readonly field: EventField }
  /** `either`: the attribute, and where the event has none of that name, the resource attribute. */
  | { readonly kind: 'attribute' | 'resource' | 'either'; readonly key: string }

/** A value to compare with, as its target's type needs it. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string }
  | NumberOperand
  /** Nanoseconds since the epoch. */
  | { readonly kind: 'instant'; readonly timeNs: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Lower-case hex digits. */
  | { readonly kind: 'id'; readonly hex: string }

export interface NumberOperand {
  readonly kind: 'number'
  readonly value: number
  /** The texts that mean this number: at most one. */
  readonly texts: readonly string[]
  /** Present from ±2^53 on: the integer itself, of which `value` is the nearest double. */
  readonly integer?: bigint
}

export type OrderOperator = '<' | '<=' | '>' | '>='

/** What is asked of a value that is there; of a missing one every test is false. */
export type Test =
  | { readonly kind: 'exists' }
  | { readonly kind: 'equals'; readonly operands: readonly Operand[] }
  | { readonly kind: 'order'; readonly operator: OrderOperator; readonly operand: Operand }
  | { readonly kind: 'contains'; readonly text: string }
  /** RE2, unanchored, `.` matches line feeds too. */
  | { readonly kind: 'matches'; readonly pattern: string }

/** A predicate whose names and types are settled; `!=`, `not in` and `!~` have become `not`. */
export type ResolvedPredicate =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly items: readonly ResolvedPredicate[] }
  | { readonly kind: 'not'; readonly item: ResolvedPredicate }
  | { readonly kind: 'test'; readonly target: Target; readonly test: Test }
  | { readonly kind: 'text'; readonly search: TextSearch }

export interface TextSearch {
  /** Lower-case; every one must be a whole word of the same text. */
  readonly tokens: readonly string[]
  /** Lower-case; must occur as it stands. Undefined where the single token says it all. */
  readonly phrase?: string
}
