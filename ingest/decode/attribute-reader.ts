import { type AttributeMaps, knownKeyIds } from '../encode/attribute-maps.ts'
import { maskText, type RedactDecision, type Redactor } from '../redact/redact.ts'
import type { DecodeLimits } from './decode-context.ts'
import { utf8Cut } from './utf8-cut.ts'
import { AnyValue, valueKinds } from './wire/any-value.ts'
import { base64, JsonText } from './wire/json-text.ts'
import type { WireReader } from './wire/wire-reader.ts'

/**
 * The attributes of one record: `begin`, `add` each KeyValue as it is met, then `append` into the maps.
 * Two steps, because the record may be rejected in between and because the last of equal keys wins.
 */
export class AttributeReader {
  readonly #reader: WireReader
  readonly #maps: AttributeMaps
  readonly #limits: DecodeLimits
  readonly #redactor: Redactor | undefined
  readonly #value = new AnyValue()
  readonly #json: JsonText
  readonly #keyIds: Int32Array
  readonly #keyStarts: Uint32Array
  readonly #keyEnds: Uint32Array
  readonly #valueStarts: Uint32Array
  readonly #valueEnds: Uint32Array
  /** The key met at this place in the record before: mostly the same again. */
  readonly #guesses: Int32Array
  #lastRecord = new Uint32Array(1024)
  #lastPlace = new Uint32Array(1024)
  #record = 0
  count = 0
  dropped = 0
  /** Of the dropped ones, whatever their order: what differs in them only is not the same. 0 when there are none. */
  droppedHash = 0
  duplicates = false
  valuesCut = 0
  exceptionTypeStart = 0
  exceptionTypeEnd = 0
  exceptionMessageStart = 0
  exceptionMessageEnd = 0

  constructor(reader: WireReader, maps: AttributeMaps, limits: DecodeLimits, redactor: Redactor | undefined) {
    this.#reader = reader
    this.#maps = maps
    this.#limits = limits
    this.#redactor = redactor
    this.#json = new JsonText(reader, { depthMax: limits.valueDepthMax, redactor })
    this.#keyIds = new Int32Array(limits.attributesMax)
    this.#guesses = new Int32Array(limits.attributesMax)
    this.#keyStarts = new Uint32Array(limits.attributesMax)
    this.#keyEnds = new Uint32Array(limits.attributesMax)
    this.#valueStarts = new Uint32Array(limits.attributesMax)
    this.#valueEnds = new Uint32Array(limits.attributesMax)
  }

  begin(): void {
    this.#record++
    this.count = 0
    this.dropped = this.droppedHash = 0
    this.duplicates = false
    this.valuesCut = 0
    this.exceptionTypeStart = this.exceptionTypeEnd = 0
    this.exceptionMessageStart = this.exceptionMessageEnd = 0
  }

  /** Reads the KeyValue from the reader's place to `end` and leaves the reader there. */
  add(end: number): void {
    const reader = this.#reader
    const start = reader.at
    let keyStart = 0
    let keyEnd = 0
    let valueStart = 0
    let valueEnd = 0
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag === 10) {
        keyEnd = reader.lengthEnd(end)
        keyStart = reader.at
        reader.at = keyEnd
      } else if (tag === 18) {
        valueEnd = reader.lengthEnd(end)
        valueStart = reader.at
        reader.at = valueEnd
      } else reader.skip(tag, end)
    }
    if (this.count === this.#limits.attributesMax || keyEnd - keyStart > this.#limits.valueBytesMax) {
      this.dropped++
      this.droppedHash = (this.droppedHash + fnv(reader.bytes, start, end)) | 0
      return
    }
    const place = this.count++
    this.#keyStarts[place] = keyStart
    this.#keyEnds[place] = keyEnd
    this.#valueStarts[place] = valueStart
    this.#valueEnds[place] = valueEnd
    this.#keyIds[place] = this.#keyId(place, keyStart, keyEnd)
  }

  #keyId(place: number, start: number, end: number): number {
    const dictionary = this.#maps.keys
    const bytes = this.#reader.bytes
    const guess = this.#guesses[place] as number
    const id = dictionary.is(guess, bytes, start, end) ? guess : dictionary.add(bytes, start, end)
    this.#guesses[place] = id
    if (id >= this.#lastRecord.length) this.#growRecords(id)
    if (this.#lastRecord[id] === this.#record) {
      this.#keyIds[this.#lastPlace[id] as number] = -1
      this.duplicates = true
    }
    this.#lastRecord[id] = this.#record
    this.#lastPlace[id] = place
    return id
  }

  #growRecords(id: number): void {
    const records = new Uint32Array(id * 2)
    records.set(this.#lastRecord)
    this.#lastRecord = records
    const places = new Uint32Array(id * 2)
    places.set(this.#lastPlace)
    this.#lastPlace = places
  }

  /** The text value of a known key, as [start, end); undefined when it is not there, not a string, or redacted. */
  textOf(keyId: number): readonly [number, number] | undefined {
    for (let place = 0; place < this.count; place++) {
      if (this.#keyIds[place] !== keyId) continue
      if (this.#decide(place) !== 'keep') return undefined
      this.#value.read(this.#reader, this.#valueStarts[place] as number, this.#valueEnds[place] as number)
      return this.#value.kind === valueKinds.string ? [this.#value.start, this.#value.end] : undefined
    }
    return undefined
  }

  /** Calls with each kept key and value, in the order received. */
  each(visit: (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void): void {
    for (let place = 0; place < this.count; place++) {
      if (this.#keyIds[place] === -1) continue
      const valueStart = this.#valueStarts[place] as number
      visit(
        this.#keyStarts[place] as number,
        this.#keyEnds[place] as number,
        valueStart,
        this.#valueEnds[place] as number,
      )
    }
  }

  /** Appends one row to each of the four maps. */
  append(): void {
    for (let place = 0; place < this.count; place++) {
      const keyId = this.#keyIds[place] as number
      if (keyId === -1) continue
      if (this.#redactor !== undefined && this.#redacted(place, keyId)) continue
      this.#appendValue(keyId, this.#valueStarts[place] as number, this.#valueEnds[place] as number)
    }
    this.#maps.endRow()
  }

  #decide(place: number): RedactDecision {
    if (this.#redactor === undefined) return 'keep'
    const [start, end] = [this.#keyStarts[place] as number, this.#keyEnds[place] as number]
    return this.#redactor.decide(this.#reader.bytes, start, end)
  }

  #redacted(place: number, keyId: number): boolean {
    const decision = this.#decide(place)
    if (decision === 'mask') this.#text(keyId, maskText)
    return decision !== 'keep'
  }

  #appendValue(keyId: number, start: number, end: number): void {
    const value = this.#value
    value.read(this.#reader, start, end)
    const { num, bool } = this.#maps
    switch (value.kind) {
      case valueKinds.string:
        this.#string(keyId, this.#reader.bytes, value.start, value.end)
        this.#exception(keyId)
        return
      case valueKinds.int:
        if (value.beyondDouble) this.#meta(keyId, `int:${value.digits()}`)
        num.keys.pushId(keyId)
        num.values.push(value.number)
        return
      case valueKinds.double:
        num.keys.pushId(keyId)
        num.values.push(value.number)
        return
      case valueKinds.bool:
        bool.keys.pushId(keyId)
        bool.values.push(value.number)
        return
      case valueKinds.bytes:
        this.#encoded(keyId, Buffer.from(base64(this.#reader.bytes, value.start, value.end)), 'bytes')
        return
      case valueKinds.empty:
        this.#text(keyId, '')
        this.#meta(keyId, 'empty')
        return
      default:
        this.#json.clear()
        this.#json.opened(value)
        this.#encoded(keyId, this.#json.out.bytes.subarray(0, this.#json.out.length), 'json')
    }
  }

  #exception(keyId: number): void {
    if (keyId === knownKeyIds.exceptionType) {
      this.exceptionTypeStart = this.#value.start
      this.exceptionTypeEnd = this.#value.end
    } else if (keyId === knownKeyIds.exceptionMessage) {
      this.exceptionMessageStart = this.#value.start
      this.exceptionMessageEnd = this.#value.end
    }
  }

  #string(keyId: number, source: Uint8Array, start: number, end: number): void {
    const { keys, values } = this.#maps.str
    keys.pushId(keyId)
    if (end - start <= this.#limits.valueBytesMax) {
      values.push(source, start, end)
      return
    }
    values.push(source, start, utf8Cut(source, start, this.#limits.valueBytesMax))
    this.#meta(keyId, `cut:${end - start}`)
    this.valuesCut++
  }

  /** A value in another notation; a cut one says only that, since its notation is broken. */
  #encoded(keyId: number, text: Uint8Array, notation: string): void {
    this.#string(keyId, text, 0, text.length)
    if (text.length <= this.#limits.valueBytesMax) this.#meta(keyId, notation)
  }

  #text(keyId: number, text: string): void {
    this.#maps.str.keys.pushId(keyId)
    this.#maps.str.values.pushText(text)
  }

  #meta(keyId: number, text: string): void {
    this.#maps.meta.keys.pushId(keyId)
    this.#maps.meta.values.pushText(text)
  }
}

function fnv(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return hash
}
