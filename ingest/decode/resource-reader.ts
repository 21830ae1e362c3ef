import { knownKeyIds } from '../encode/attribute-maps.ts'
import { AttributeReader } from './attribute-reader.ts'
import type { DecodeContext } from './decode-context.ts'
import type { DecodeNotes } from './notes.ts'
import { capEnd } from './utf8-cut.ts'
import type { Ranges } from './wire/ranges.ts'
import type { WireReader } from './wire/wire-reader.ts'

const unknownService = Buffer.from('unknown_service')
const dayMs = 86_400_000

/** Reads a resource, writes its row once per block, and leaves its identity and service for the records in it. */
export class ResourceReader {
  idLow = 0
  idHigh = 0
  /** The service name is serviceBytes[serviceStart, serviceEnd). */
  serviceBytes: Uint8Array = unknownService
  serviceStart = 0
  serviceEnd = 0
  readonly #reader: WireReader
  readonly #context: DecodeContext
  readonly #attributes: AttributeReader

  constructor(reader: WireReader, context: DecodeContext) {
    this.#reader = reader
    this.#context = context
    this.#attributes = new AttributeReader(
      reader,
      context.tables.resources.attributes,
      context.limits,
      context.redactor,
    )
  }

  /** `parts` are the bytes of the Resource message, more than one when it came in pieces (they merge). */
  read(parts: Ranges): void {
    const reader = this.#reader
    this.#attributes.begin()
    for (let part = 0; part < parts.count; part++) {
      const end = parts.end(part)
      reader.at = parts.start(part)
      while (reader.at < end) {
        const tag = reader.tag(end)
        if (tag === 10) this.#attributes.add(reader.lengthEnd(end))
        else reader.skip(tag, end)
      }
    }
    this.#identify()
    this.#findService()
    this.#writeRow()
  }

  /** What of the resource was left out or cut when it was read; its values are cut once per block, where they are written. */
  note(notes: DecodeNotes): void {
    notes.omit('resource attribute', this.#attributes.dropped)
    notes.valuesCut += this.#attributes.valuesCut
  }

  /** Sums the hashes of the attributes, the dropped ones too, so that their order does not matter. */
  #identify(): void {
    const { droppedHash } = this.#attributes
    this.idLow = (0x9e3779b9 + droppedHash) >>> 0
    this.idHigh = (0x7f4a7c15 ^ mix(droppedHash)) >>> 0
    const bytes = this.#reader.bytes
    this.#attributes.each((keyStart, keyEnd, valueStart, valueEnd) => {
      let low = 0x811c9dc5 | 0
      let high = 0x2c1b3c6d | 0
      for (let at = keyStart; at < keyEnd; at++) {
        low = Math.imul(low ^ (bytes[at] as number), 0x01000193)
        high = Math.imul(high ^ (bytes[at] as number), 0x85ebca6b)
      }
      low = Math.imul(low ^ 0xff, 0x01000193)
      for (let at = valueStart; at < valueEnd; at++) {
        low = Math.imul(low ^ (bytes[at] as number), 0x01000193)
        high = Math.imul((high ^ (bytes[at] as number)) + (high >>> 15), 0x85ebca6b)
      }
      this.idLow = (this.idLow + mix(low ^ (high >>> 3))) >>> 0
      this.idHigh = (this.idHigh + mix(high ^ low)) >>> 0
    })
  }

  #findService(): void {
    const found = this.#attributes.textOf(knownKeyIds.serviceName)
    const named = found !== undefined && found[0] < found[1]
    this.serviceBytes = named ? this.#reader.bytes : unknownService
    this.serviceStart = named ? found[0] : 0
    this.serviceEnd = named
      ? capEnd(this.#reader.bytes, found[0], found[1], this.#context.limits.valueBytesMax)
      : unknownService.length
  }

  #writeRow(): void {
    const { tables, tenant, receivedAtMs } = this.#context
    const day = Math.floor(receivedAtMs / dayMs)
    if (!tables.firstSeen(`resource:${this.idHigh}:${this.idLow}:${day}:${tenant}`)) return
    const { resources } = tables
    resources.tenant.pushText(tenant)
    resources.day.push(day)
    resources.resourceId.push(this.idLow, this.idHigh)
    resources.service.push(this.serviceBytes, this.serviceStart, this.serviceEnd)
    this.#attributes.append()
    resources.lastSeen.pushNumber(receivedAtMs)
  }
}

/** The finaliser of MurmurHash3: spreads every input bit over the word. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
