import type { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'

export type NamedColumn = readonly [name: string, column: Column]

export interface BlockMark {
  readonly columns: readonly ColumnMark[]
}

/** Assembles columns into one Native block: column count, row count, then name, type and data of each column. */
export class NativeBlock {
  readonly #columns: readonly NamedColumn[]
  readonly #counter: Column

  constructor(columns: readonly NamedColumn[]) {
    this.#columns = columns
    const counting = columns.find(([, column]) => column.rows !== undefined)
    if (counting === undefined) throw new Error('a block needs a column that counts its rows')
    this.#counter = counting[1]
  }

  get rows(): number {
    return this.#counter.rows ?? 0
  }

  get columnNames(): readonly string[] {
    return this.#columns.map(([name]) => name)
  }

  mark(): BlockMark {
    return { columns: this.#columns.map(([, column]) => column.mark()) }
  }

  rollback(mark: BlockMark): void {
    this.#columns.forEach(([, column], index) => {
      column.rollback(mark.columns[index] ?? [])
    })
  }

  /** Writes the block through a scratch buffer; a column whose row count differs is a fault of the appender. */
  finish(scratch: ByteBuffer): Uint8Array {
    const rows = this.rows
    scratch.reset()
    scratch.varint(this.#columns.length)
    scratch.varint(rows)
    for (const [name, column] of this.#columns) {
      if (column.rows !== undefined && column.rows !== rows) {
        throw new Error(`column ${name} has ${column.rows} rows, the block has ${rows}`)
      }
      scratch.text(name)
      scratch.text(column.type)
      column.writePrefix(scratch)
      column.writeData(scratch, rows)
    }
    return scratch.take()
  }

  reset(): void {
    for (const [, column] of this.#columns) column.reset()
  }
}
