import type { ByteBuffer } from './byte-buffer.ts'
import type { Column, ColumnMark } from './column.ts'

const initialRows = 1024
const shrinkAboveBytes = 16 * 1024 * 1024

type Cells = Uint8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float64Array

/** What all fixed-width columns share: cells in a typed array, `perRow` of them to a row. */
abstract class FixedWidthColumn<T extends Cells> implements Column {
  readonly type: string
  cells: T
  used = 0
  readonly #perRow: number
  readonly #create: (cells: number) => T

  constructor(type: string, create: (cells: number) => T, perRow = 1) {
    this.type = type
    this.#perRow = perRow
    this.#create = create
    this.cells = create(initialRows * perRow)
  }

  get rows(): number {
    return this.used / this.#perRow
  }

  protected grow(need = 1): void {
    const grown = this.#create(Math.max(this.cells.length * 2, this.used + need))
    grown.set(this.cells)
    this.cells = grown
  }

  writePrefix(): void {}

  writeData(out: ByteBuffer): void {
    const { buffer, byteOffset } = this.cells
    const count = this.used * this.cells.BYTES_PER_ELEMENT
    out.reserve(count)
    out.bytes.set(new Uint8Array(buffer, byteOffset, count), out.length)
    out.length += count
  }

  mark(): ColumnMark {
    return [this.used]
  }

  rollback(mark: ColumnMark): void {
    this.used = mark[0] ?? 0
  }

  reset(): void {
    this.used = 0
    if (this.cells.byteLength > shrinkAboveBytes) this.cells = this.#create(initialRows * this.#perRow)
  }
}

export class Uint8Column extends FixedWidthColumn<Uint8Array> {
  constructor(type = 'UInt8') {
    super(type, (cells) => new Uint8Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

export class Uint16Column extends FixedWidthColumn<Uint16Array> {
  constructor(type = 'UInt16') {
    super(type, (cells) => new Uint16Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

export class Int16Column extends FixedWidthColumn<Int16Array> {
  constructor(type = 'Int16') {
    super(type, (cells) => new Int16Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

export class Uint32Column extends FixedWidthColumn<Uint32Array> {
  constructor(type = 'UInt32') {
    super(type, (cells) => new Uint32Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

export class Int32Column extends FixedWidthColumn<Int32Array> {
  constructor(type = 'Int32') {
    super(type, (cells) => new Int32Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

/** 64-bit integers, signed or not, and DateTime64: the two 32-bit halves lie side by side. */
export class Uint64Column extends FixedWidthColumn<Uint32Array> {
  constructor(type = 'UInt64') {
    super(type, (cells) => new Uint32Array(cells), 2)
  }

  push(low: number, high: number): void {
    if (this.used === this.cells.length) this.grow(2)
    this.cells[this.used] = low
    this.cells[this.used + 1] = high
    this.used += 2
  }

  /** A whole number from 0 to 2^53. */
  pushNumber(value: number): void {
    this.push(value % 4294967296, Math.floor(value / 4294967296))
  }
}

export class Float64Column extends FixedWidthColumn<Float64Array> {
  constructor(type = 'Float64') {
    super(type, (cells) => new Float64Array(cells))
  }

  push(value: number): void {
    if (this.used === this.cells.length) this.grow()
    this.cells[this.used++] = value
  }
}

export class FixedStringColumn extends FixedWidthColumn<Uint8Array> {
  readonly width: number

  constructor(width: number) {
    super(`FixedString(${width})`, (cells) => new Uint8Array(cells), width)
    this.width = width
  }

  /** Copies `width` bytes from start; the caller has checked that they are there. */
  push(source: Uint8Array, start: number): void {
    if (this.used + this.width > this.cells.length) this.grow(this.width)
    const cells = this.cells
    let at = this.used
    for (let from = start; from < start + this.width; from++) cells[at++] = source[from] as number
    this.used = at
  }

  pushZeros(): void {
    if (this.used + this.width > this.cells.length) this.grow(this.width)
    this.cells.fill(0, this.used, this.used + this.width)
    this.used += this.width
  }
}
