import type { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'

/** The same 64-bit value in every row; set when the block is sealed. */
export class ConstantUint64Column implements Column {
  readonly type = 'UInt64'
  readonly rows = undefined
  #low = 0
  #high = 0

  set(low: number, high: number): void {
    this.#low = low
    this.#high = high
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer, rows: number): void {
    for (let row = 0; row < rows; row++) {
      out.u32(this.#low)
      out.u32(this.#high)
    }
  }

  mark(): ColumnMark {
    return []
  }

  rollback(): void {}

  reset(): void {}
}

/** The same bytes in every row, for what the block's rows cannot differ in (strings as Native writes them). */
export class ConstantBytesColumn implements Column {
  readonly type: string
  readonly rows = undefined
  readonly #value: Uint8Array

  constructor(type: string, value: Uint8Array) {
    this.type = type
    this.#value = value
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer, rows: number): void {
    for (let row = 0; row < rows; row++) out.copy(this.#value, 0, this.#value.length)
  }

  mark(): ColumnMark {
    return []
  }

  rollback(): void {}

  reset(): void {}
}

/** 0, 1, 2 … */
export class RowNumberColumn implements Column {
  readonly type = 'UInt32'
  readonly rows = undefined

  writePrefix(): void {}

  writeData(out: ByteBuffer, rows: number): void {
    for (let row = 0; row < rows; row++) out.u32(row)
  }

  mark(): ColumnMark {
    return []
  }

  rollback(): void {}

  reset(): void {}
}
