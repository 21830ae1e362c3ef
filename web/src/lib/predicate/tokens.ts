export interface Token {
  readonly kind: 'string' | 'number' | 'operator' | 'word' | 'name' | 'space' | 'other'
  readonly text: string
  readonly start: number
  readonly end: number
}

const pattern =
  /(?<string>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(?<space>\s+)|(?<operator>!=|<=|>=|=~|!~|[=<>():,])|(?<number>\d[\d.]*[A-Za-z]*)|(?<name>`[^`]*`?|[A-Za-z_@][\w.\-/@]*)|(?<other>.)/gsu
const words = /^(and|or|not|in|exists|contains|true|false)$/i

/** Cuts a predicate for colouring and completion while it is being typed; never fails. The server has the last word. */
export function tokens(text: string): readonly Token[] {
  return [...text.matchAll(pattern)].map((match) => {
    const kind = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)?.[0]
    return {
      kind: kind === 'name' && words.test(match[0]) ? 'word' : ((kind ?? 'other') as Token['kind']),
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }
  })
}
