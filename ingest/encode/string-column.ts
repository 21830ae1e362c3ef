import { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'

export class StringColumn implements Column {
  readonly type = 'String'
  readonly data = new ByteBuffer(16 * 1024)
  rows = 0

  push(source: Uint8Array, start: number, end: number): void {
    this.data.string(source, start, end)
    this.rows++
  }

  pushText(value: string): void {
    if (value === '') this.pushEmpty()
    else {
      this.data.text(value)
      this.rows++
    }
  }

  pushEmpty(): void {
    this.data.u8(0)
    this.rows++
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    out.copy(this.data.bytes, 0, this.data.length)
  }

  mark(): ColumnMark {
    return [this.rows, this.data.length]
  }

  rollback(mark: ColumnMark): void {
    this.rows = mark[0] ?? 0
    this.data.length = mark[1] ?? 0
  }

  reset(): void {
    this.rows = 0
    this.data.reset()
  }
}
