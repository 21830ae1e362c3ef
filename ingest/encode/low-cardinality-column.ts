import type { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'
import { Dictionary } from './dictionary.ts'
import { Uint32Column } from './fixed-columns.ts'

/** Additional keys follow the data (0x200) and the dictionary is renewed (0x400). */
const serialisationFlags = 0x600

/** LowCardinality(String). Several columns may share one dictionary: each writes it whole. */
export class LowCardinalityColumn implements Column {
  readonly type = 'LowCardinality(String)'
  readonly dictionary: Dictionary
  readonly ids = new Uint32Column()
  readonly #ownsDictionary: boolean

  constructor(shared?: Dictionary) {
    this.dictionary = shared ?? new Dictionary()
    this.#ownsDictionary = shared === undefined
  }

  get rows(): number {
    return this.ids.used
  }

  push(source: Uint8Array, start: number, end: number): void {
    this.ids.push(start === end ? 0 : this.dictionary.add(source, start, end))
  }

  pushText(value: string): void {
    this.ids.push(value === '' ? 0 : this.dictionary.addText(value))
  }

  pushId(id: number): void {
    this.ids.push(id)
  }

  writePrefix(out: ByteBuffer): void {
    out.u64(1)
  }

  /** Nothing at all for no rows: that is how the engine reads it. */
  writeData(out: ByteBuffer): void {
    const rows = this.rows
    if (rows === 0) return
    const { size, bytes } = this.dictionary
    const indexType = size <= 0x100 ? 0 : size <= 0x10000 ? 1 : 2
    out.u64(serialisationFlags | indexType)
    out.u64(size)
    out.copy(bytes.bytes, 0, bytes.length)
    out.u64(rows)
    this.#writeIndexes(out, indexType)
  }

  #writeIndexes(out: ByteBuffer, indexType: number): void {
    if (indexType === 2) {
      this.ids.writeData(out)
      return
    }
    const count = this.rows
    const ids = this.ids.cells
    out.reserve(count << indexType)
    const target = out.bytes
    let at = out.length
    if (indexType === 0) for (let row = 0; row < count; row++) target[at++] = ids[row] as number
    else {
      for (let row = 0; row < count; row++) {
        const id = ids[row] as number
        target[at++] = id & 255
        target[at++] = id >>> 8
      }
    }
    out.length = at
  }

  mark(): ColumnMark {
    return this.ids.mark()
  }

  rollback(mark: ColumnMark): void {
    this.ids.rollback(mark)
  }

  reset(): void {
    this.ids.reset()
    if (this.#ownsDictionary) this.dictionary.reset()
  }
}
