import type { DecodeContext } from './decode-context.ts'
import { ResourceReader } from './resource-reader.ts'
import { Ranges } from './wire/ranges.ts'
import type { WireReader } from './wire/wire-reader.ts'

export interface ScopeRange {
  nameStart: number
  nameEnd: number
  versionStart: number
  versionEnd: number
}

/** What a signal does with the pieces; the three signals share the envelope's field numbers. */
export interface EnvelopeVisitor {
  resource(resource: ResourceReader): void
  scope(scope: ScopeRange): void
  /** One span, log record or metric, from the reader's place to `end`. */
  item(end: number): void
}

/** Walks resource_x → scope_x → items; resource and scope are read before their items wherever they stand. */
export class Envelope {
  readonly #reader: WireReader
  readonly #visitor: EnvelopeVisitor
  readonly #resource: ResourceReader
  readonly #parts = new Ranges()
  readonly #scope: ScopeRange = { nameStart: 0, nameEnd: 0, versionStart: 0, versionEnd: 0 }

  constructor(reader: WireReader, context: DecodeContext, visitor: EnvelopeVisitor) {
    this.#reader = reader
    this.#visitor = visitor
    this.#resource = new ResourceReader(reader, context)
  }

  read(): void {
    const end = this.#reader.bytes.length
    this.#reader.at = 0
    this.#each(end, 10, (to) => this.#resourceItems(to))
  }

  #resourceItems(end: number): void {
    const start = this.#reader.at
    this.#parts.clear()
    this.#each(end, 10, (to) => this.#parts.add(this.#reader.at, to))
    this.#resource.read(this.#parts)
    this.#visitor.resource(this.#resource)
    this.#reader.at = start
    this.#each(end, 18, (to) => this.#scopeItems(to))
  }

  #scopeItems(end: number): void {
    const start = this.#reader.at
    const scope = this.#scope
    scope.nameStart = scope.nameEnd = scope.versionStart = scope.versionEnd = 0
    this.#each(end, 10, (to) => this.#readScope(to))
    this.#visitor.scope(scope)
    this.#reader.at = start
    this.#each(end, 18, (to) => this.#visitor.item(to))
  }

  #readScope(end: number): void {
    const reader = this.#reader
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag !== 10 && tag !== 18) {
        reader.skip(tag, end)
        continue
      }
      const to = reader.lengthEnd(end)
      if (tag === 10) {
        this.#scope.nameStart = reader.at
        this.#scope.nameEnd = to
      } else {
        this.#scope.versionStart = reader.at
        this.#scope.versionEnd = to
      }
      reader.at = to
    }
  }

  /** Visits each field with this tag up to `end` and steps over the others. */
  #each(end: number, wanted: number, visit: (to: number) => void): void {
    const reader = this.#reader
    while (reader.at < end) {
      const tag = reader.tag(end)
      if (tag !== wanted) {
        reader.skip(tag, end)
        continue
      }
      const to = reader.lengthEnd(end)
      visit(to)
      reader.at = to
    }
  }
}
