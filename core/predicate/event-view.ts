import type { EventFieldName } from '../model/fields.ts'

/** A bigint is an integer that a double cannot hold. */
export type AttributeValue = string | number | bigint | boolean

/** The fields that are stored; `error` and `root` are worked out from them. */
export type StoredFieldName = Exclude<EventFieldName, 'error' | 'root'>

/**
 * One decoded event, as the compiled predicate reads it. `undefined` is missing; so are the empty values of
 * core/model/fields.ts, so a view may give either.
 */
export interface EventView {
  /**
   * Texts and enumeration names as text, ids as hex digits of any case, `duration` in nanoseconds, `time` in nanoseconds
   * since the epoch (bigint), `severity` and `weight` as numbers.
   */
  intrinsic(name: StoredFieldName): string | number | bigint | undefined
  attribute(key: string): AttributeValue | undefined
  resource(key: string): AttributeValue | undefined
}
