import type { TelemetryTable } from '@oriel/core'
import type { ByteBuffer } from './byte-buffer.ts'
import { ConstantUint64Column } from './constant-columns.ts'
import { type BlockMark, type NamedColumn, NativeBlock } from './native-block.ts'

/** Version of the column lists under encode/tables; raised with storage/telemetry/schema. */
export const schemaVersion = 1

/** The open block of one table. Subclasses name the columns, in the order of the schema, and append rows. */
export abstract class Table {
  abstract readonly name: TelemetryTable
  readonly blockId = new ConstantUint64Column()
  #block: NativeBlock | undefined

  /** Every column of the table in the order of the schema. */
  protected abstract columns(): readonly NamedColumn[]

  get #native(): NativeBlock {
    this.#block ??= new NativeBlock(this.columns())
    return this.#block
  }

  get rows(): number {
    return this.#native.rows
  }

  get columnNames(): readonly string[] {
    return this.#native.columnNames
  }

  mark(): BlockMark {
    return this.#native.mark()
  }

  rollback(mark: BlockMark): void {
    this.#native.rollback(mark)
  }

  finish(scratch: ByteBuffer, blockIdHigh: number, blockIdLow: number): Uint8Array {
    this.blockId.set(blockIdLow, blockIdHigh)
    return this.#native.finish(scratch)
  }

  reset(): void {
    this.#native.reset()
  }
}
