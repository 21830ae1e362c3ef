import type { FieldInfo } from '@oriel/query/contract'
import { client } from '../api/client.ts'
import { formatCount } from '../format/number.ts'
import type { RangeMs } from '../time/range.ts'
import { fieldText, valueText } from './clause.ts'
import { type Completion, completionAt, joiners, operators } from './completion.ts'

/** As many values as the client asks for. */
const asksFor = 30

export interface Suggestion {
  readonly text: string
  /** Written in place of what is at the caret. */
  readonly insert: string
  readonly note: string
}

/** What the predicate field offers at the caret; a newer caret withdraws the question of the one before. */
export class Suggestions {
  list = $state.raw<readonly Suggestion[]>([])
  place = $state.raw<Completion | undefined>(undefined)
  note = $state('')
  #controller: AbortController | undefined

  async update(text: string, caret: number, range: RangeMs): Promise<void> {
    this.#controller?.abort()
    const controller = new AbortController()
    this.#controller = controller
    const place = completionAt(text, caret)
    const found = await this.#find(place, range, controller.signal)
    if (controller.signal.aborted) return
    this.place = place
    this.list = found
  }

  close(): void {
    this.#controller?.abort()
    this.list = []
    this.note = ''
  }

  async #find(place: Completion, range: RangeMs, signal: AbortSignal): Promise<readonly Suggestion[]> {
    this.note = ''
    const asked = { from: range.fromMs, to: range.toMs }
    switch (place.kind) {
      case 'operator':
        return fixed(operators, place.prefix)
      case 'joiner':
        return fixed(joiners, place.prefix)
      case 'field': {
        const result = await client.fields(asked, place.prefix)(signal)
        return result.ok ? result.value.fields.map(fieldSuggestion) : []
      }
      case 'value': {
        const result = await client.fieldValues(place.field, asked, place.prefix)(signal)
        if (!result.ok) return []
        const many = result.value.highCardinality && result.value.values.length >= asksFor
        this.note = many ? 'more values than are listed: type to search' : ''
        return result.value.values.map(({ value }) => ({
          text: String(value),
          insert: valueText(value),
          // The catalogue knows that a value occurred, not how often.
          note: '',
        }))
      }
    }
  }
}

function fixed(words: readonly string[], prefix: string): readonly Suggestion[] {
  return words
    .filter((word) => word.startsWith(prefix.toLowerCase()))
    .map((word) => ({ text: word, insert: word, note: '' }))
}

function fieldSuggestion(field: FieldInfo): Suggestion {
  return {
    text: field.name,
    insert: fieldText(field.name),
    note: field.scope === 'intrinsic' ? field.type : `${field.scope} · ${formatCount(field.rows)}`,
  }
}
