import type { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'
import type { Dictionary } from './dictionary.ts'
import { Uint64Column } from './fixed-columns.ts'
import { LowCardinalityColumn } from './low-cardinality-column.ts'

/** Array(T): push elements into `items`, then `endRow`. */
export class ArrayColumn<T extends Column> implements Column {
  readonly type: string
  readonly items: T
  readonly offsets = new Uint64Column()

  constructor(items: T) {
    this.items = items
    this.type = `Array(${items.type})`
  }

  get rows(): number {
    return this.offsets.rows
  }

  endRow(): void {
    this.offsets.push(this.items.rows ?? 0, 0)
  }

  writePrefix(out: ByteBuffer): void {
    this.items.writePrefix(out)
  }

  writeData(out: ByteBuffer): void {
    this.offsets.writeData(out)
    this.items.writeData(out, this.items.rows ?? 0)
  }

  mark(): ColumnMark {
    return [this.offsets.used, ...this.items.mark()]
  }

  rollback(mark: ColumnMark): void {
    this.offsets.used = mark[0] ?? 0
    this.items.rollback(mark.slice(1))
  }

  reset(): void {
    this.offsets.reset()
    this.items.reset()
  }
}

/** Map(K, V), which Native writes as Array(Tuple(K, V)): push into `keys` and `values` in step, then `endRow`. */
export class MapColumn<V extends Column, K extends Column = LowCardinalityColumn> implements Column {
  readonly type: string
  readonly keys: K
  readonly values: V
  readonly offsets = new Uint64Column()

  constructor(keys: K, values: V) {
    this.keys = keys
    this.values = values
    this.type = `Map(${keys.type}, ${values.type})`
  }

  get rows(): number {
    return this.offsets.rows
  }

  endRow(): void {
    this.offsets.push(this.keys.rows ?? 0, 0)
  }

  writePrefix(out: ByteBuffer): void {
    this.keys.writePrefix(out)
    this.values.writePrefix(out)
  }

  writeData(out: ByteBuffer): void {
    const entries = this.keys.rows ?? 0
    this.offsets.writeData(out)
    this.keys.writeData(out, entries)
    this.values.writeData(out, entries)
  }

  mark(): ColumnMark {
    return [this.offsets.used, this.keys.rows ?? 0, ...this.values.mark()]
  }

  rollback(mark: ColumnMark): void {
    this.offsets.used = mark[0] ?? 0
    this.keys.rollback([mark[1] ?? 0])
    this.values.rollback(mark.slice(2))
  }

  reset(): void {
    this.offsets.reset()
    this.keys.reset()
    this.values.reset()
  }
}

/** The attribute map: names from a dictionary, which the four maps of a table share. */
export function attributeMap<V extends Column>(values: V, dictionary?: Dictionary): MapColumn<V> {
  return new MapColumn(new LowCardinalityColumn(dictionary), values)
}
