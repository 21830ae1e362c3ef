import type { AttributeValue, EventView, StoredFieldName } from '../predicate/event-view.ts'

export type Attributes = Readonly<Record<string, AttributeValue>>

/** An event as plain data; an absent field is missing. */
export interface SampleEvent {
  readonly fields: Readonly<Partial<Record<StoredFieldName, string | number | bigint>>>
  readonly attributes: Attributes
  readonly resource: Attributes
}

export function viewOf(event: SampleEvent): EventView {
  return {
    intrinsic: (name) => event.fields[name],
    attribute: (key) => own(event.attributes, key),
    resource: (key) => own(event.resource, key),
  }
}

function own(attributes: Attributes, key: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined
}
