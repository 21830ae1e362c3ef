/** Offsets into the text, in UTF-16 code units; the end is exclusive. */
export interface Position {
  readonly start: number
  readonly end: number
}

/**
 * `auto` is a name without a prefix: the event field of that name, else the attribute, else the resource attribute.
 * `attribute` and `resource` are the `attr.` and `resource.` prefixes.
 */
export interface FieldReference {
  readonly scope: 'auto' | 'attribute' | 'resource'
  readonly name: string
  readonly position: Position
}

export type Literal =
  | { readonly kind: 'string'; readonly value: string; readonly position: Position }
  /** `text` holds every digit of an integer that a double cannot hold. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly position: Position }
  | { readonly kind: 'duration'; readonly nanoseconds: number; readonly position: Position }
  | { readonly kind: 'bytes'; readonly bytes: number; readonly position: Position }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly position: Position }

export const comparisonOperators = ['=', '!=', '<', '<=', '>', '>=', '=~', '!~', 'contains'] as const
export type ComparisonOperator = (typeof comparisonOperators)[number]

/** What a predicate says, frozen. `all` is the empty text: it holds for every event. */
export type Predicate =
  | { readonly kind: 'all'; readonly position: Position }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Predicate[]; readonly position: Position }
  | { readonly kind: 'not'; readonly item: Predicate; readonly position: Position }
  | {
      readonly kind: 'comparison'
      readonly field: FieldReference
      readonly operator: ComparisonOperator
      readonly value: Literal
      readonly position: Position
    }
  | {
      readonly kind: 'membership'
      readonly field: FieldReference
      readonly operator: 'in' | 'not in'
      readonly values: readonly Literal[]
      readonly position: Position
    }
  | { readonly kind: 'exists'; readonly field: FieldReference; readonly position: Position }
  /** A bare word or quoted phrase, looked for in body, name and exception message. */
  | { readonly kind: 'text'; readonly text: string; readonly position: Position }

export const predicateLimits = {
  /** UTF-16 code units. */
  textLength: 16_384,
  depth: 64,
  /** Conditions, operators and list values together. */
  nodes: 1_000,
  /** What a predicate may become; ClickHouse refuses statements over 262,144 bytes (max_query_size). */
  sqlLength: 200_000,
} as const
