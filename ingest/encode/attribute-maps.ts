import { attributeMap, type MapColumn } from './array-columns.ts'
import type { Column } from './column.ts'
import { Dictionary } from './dictionary.ts'
import { Float64Column, Uint8Column } from './fixed-columns.ts'
import { StringColumn } from './string-column.ts'

/** Keys whose ids are fixed in every dictionary of attribute keys, so that meeting one costs a comparison of numbers. */
export const knownKeys = ['exception.type', 'exception.message', 'service.name'] as const
export const knownKeyIds = { exceptionType: 1, exceptionMessage: 2, serviceName: 3 } as const

/** attr_str, attr_num, attr_bool and attr_meta of a table: one dictionary of keys for all four. */
export class AttributeMaps {
  readonly keys = new Dictionary(knownKeys)
  readonly str: MapColumn<StringColumn> = attributeMap(new StringColumn(), this.keys)
  readonly num: MapColumn<Float64Column> = attributeMap(new Float64Column(), this.keys)
  readonly bool: MapColumn<Uint8Column> = attributeMap(new Uint8Column('Bool'), this.keys)
  readonly meta: MapColumn<StringColumn> = attributeMap(new StringColumn(), this.keys)

  columns(): readonly (readonly [string, Column])[] {
    return [
      ['attr_str', this.str],
      ['attr_num', this.num],
      ['attr_bool', this.bool],
      ['attr_meta', this.meta],
    ]
  }

  endRow(): void {
    this.str.endRow()
    this.num.endRow()
    this.bool.endRow()
    this.meta.endRow()
  }
}
