import { rowFlags } from '../encode/tables/events.ts'
import { AttributeReader } from './attribute-reader.ts'
import type { DecodeContext } from './decode-context.ts'
import type { ScopeRange } from './envelope.ts'
import type { DecodeNotes } from './notes.ts'
import type { ResourceReader } from './resource-reader.ts'
import { capEnd, utf8Cut } from './utf8-cut.ts'
import type { WireReader } from './wire/wire-reader.ts'

const word = 4294967296

/** What span and log rows have in common: resource, scope, arrival, the time window, capped texts. */
export class RecordWriter {
  readonly reader: WireReader
  readonly attributes: AttributeReader
  readonly events
  readonly notes: DecodeNotes
  readonly receivedLow: number
  readonly receivedHigh: number
  rowFlags = 0
  readonly #context: DecodeContext
  readonly #earliestNs: number
  readonly #latestNs: number
  readonly #tenantId: number
  #serviceId = 0
  #scopeNameId = 0
  #scopeFlags = 0
  #scopeVersionId = 0
  #resourceLow = 0
  #resourceHigh = 0

  constructor(reader: WireReader, context: DecodeContext, notes: DecodeNotes) {
    this.reader = reader
    this.#context = context
    this.notes = notes
    this.events = context.tables.events
    const { limits, redactor, receivedAtMs } = context
    this.attributes = new AttributeReader(reader, this.events.attributes, limits, redactor)
    const receivedNs = BigInt(Math.floor(receivedAtMs)) * 1_000_000n
    this.receivedLow = Number(receivedNs & 0xffffffffn)
    this.receivedHigh = Number(receivedNs >> 32n)
    this.#earliestNs = (receivedAtMs - limits.retentionMs) * 1e6
    this.#latestNs = (receivedAtMs + limits.futureMs) * 1e6
    this.#tenantId = this.events.tenant.dictionary.addText(context.tenant)
  }

  resource(resource: ResourceReader): void {
    const { serviceBytes, serviceStart, serviceEnd } = resource
    this.#serviceId = this.events.service.dictionary.add(serviceBytes, serviceStart, serviceEnd)
    this.#resourceLow = resource.idLow
    this.#resourceHigh = resource.idHigh
    resource.note(this.notes)
  }

  scope(scope: ScopeRange): void {
    const { bytes } = this.reader
    const { nameStart, versionStart } = scope
    this.rowFlags = 0
    const nameEnd = this.cap(nameStart, scope.nameEnd)
    const versionEnd = this.cap(versionStart, scope.versionEnd)
    this.#scopeFlags = this.rowFlags
    this.#scopeNameId = this.events.scopeName.dictionary.add(bytes, nameStart, nameEnd)
    this.#scopeVersionId = this.events.scopeVersion.dictionary.add(bytes, versionStart, versionEnd)
  }

  /** −1 before the retention window, 1 too far in the future, 0 inside. */
  outside(low: number, high: number): number {
    const timeNs = high * word + low
    return timeNs < this.#earliestNs ? -1 : timeNs > this.#latestNs ? 1 : 0
  }

  rejectTime(name: string, side: number): void {
    const { retentionMs, futureMs } = this.#context.limits
    const what =
      side < 0
        ? `older than the retention of ${retentionMs / 3_600_000} h`
        : `more than ${futureMs / 60_000} min in the future`
    this.notes.reject(`${name} is ${what}`)
  }

  /** Where to end a text so that it keeps within the value limit; marks the row when that cuts. */
  cap(start: number, end: number): number {
    const { valueBytesMax } = this.#context.limits
    if (end - start <= valueBytesMax) return end
    this.rowFlags |= rowFlags.valueCut
    this.notes.valuesCut++
    return utf8Cut(this.reader.bytes, start, valueBytesMax)
  }

  /** The same for a column that repeats an attribute: there the cut was counted and marked already. */
  capCounted(start: number, end: number): number {
    return capEnd(this.reader.bytes, start, end, this.#context.limits.valueBytesMax)
  }

  /** The columns every record fills alike; the attributes go with it, and the row's flags. */
  appendCommon(signal: number, dropped: number): void {
    const { events, attributes } = this
    events.tenant.pushId(this.#tenantId)
    events.signal.push(signal)
    events.ingestTime.pushNumber(this.#context.receivedAtMs)
    events.service.pushId(this.#serviceId)
    events.resourceId.push(this.#resourceLow, this.#resourceHigh)
    events.scopeName.pushId(this.#scopeNameId)
    events.scopeVersion.pushId(this.#scopeVersionId)
    attributes.append()
    if (attributes.valuesCut > 0) {
      this.notes.valuesCut += attributes.valuesCut
      this.rowFlags |= rowFlags.valueCut
    }
    if (attributes.duplicates) this.rowFlags |= rowFlags.duplicateKeys
    this.rowFlags |= this.#scopeFlags
    this.notes.omit('attribute', attributes.dropped)
    events.droppedAttributes.push(dropped + attributes.dropped)
    events.sampleReason.pushId(0)
    events.rowFlags.push(this.rowFlags)
    this.notes.accepted++
  }

  /** Whether [start, end) is `width` bytes and not all zero. */
  validId(start: number, end: number, width: number): boolean {
    if (end - start !== width) return false
    for (let at = start; at < end; at++) if (this.reader.bytes[at] !== 0) return true
    return false
  }
}
