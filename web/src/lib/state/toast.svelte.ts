/** One short line at the bottom that goes by itself. */
class Toast {
  text = $state('')
  #timer: ReturnType<typeof setTimeout> | undefined

  show(text: string): void {
    clearTimeout(this.#timer)
    this.text = text
    this.#timer = setTimeout(() => {
      this.text = ''
    }, 2500)
  }

  async copy(text: string, said: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.show(said)
    } catch {
      this.show('The browser does not allow copying here')
    }
  }
}

export const toast = new Toast()
