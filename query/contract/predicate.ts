/** POST /predicate/parse : what the predicate field needs while typing */
export interface PredicateParseRequest {
  readonly where: string
}

export type PredicateParseAnswer =
  | { readonly ok: true; readonly canonical: string }
  | {
      readonly ok: false
      readonly message: string
      readonly position: { readonly start: number; readonly end: number }
    }
