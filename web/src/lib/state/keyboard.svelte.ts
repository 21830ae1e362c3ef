export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

/** Keys pressed outside of a text field. A page lays its map over the shell's and takes it away again. */
class Keyboard {
  #maps: KeyMap[] = []
  #pending = ''

  /** Returns the removal, so that an effect can return it. */
  use(map: KeyMap): () => void {
    this.#maps.push(map)
    return () => {
      this.#maps = this.#maps.filter((each) => each !== map)
    }
  }

  handle(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    const sequence = this.#pending + event.key
    this.#pending = ''
    if (event.key === 'g' && sequence === 'g') {
      this.#pending = 'g '
      return
    }
    const action = this.#maps.findLast((map) => map[sequence])?.[sequence]
    if (!action) return
    event.preventDefault()
    action(event)
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  )
}

export const keyboard = new Keyboard()
