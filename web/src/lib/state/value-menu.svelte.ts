import type { AttributeValue } from '@oriel/query/contract'

interface OpenMenu {
  readonly field: string
  readonly value: AttributeValue
  readonly x: number
  readonly y: number
}

/** The one menu that a click on any value opens. */
class ValueMenuState {
  open = $state.raw<OpenMenu | undefined>(undefined)

  show(event: MouseEvent, field: string, value: AttributeValue): void {
    event.stopPropagation()
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect()
    this.open = {
      field,
      value,
      x: Math.min(box.left, innerWidth - 290),
      y: Math.min(box.bottom + 4, innerHeight - 190),
    }
  }

  close(): void {
    this.open = undefined
  }
}

export const valueMenu = new ValueMenuState()
