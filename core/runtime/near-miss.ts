/** The known word closest to an unknown one, or undefined when none is near (a quarter of its length, at least 2 edits). */
export function nearMiss(word: string, known: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let bestEdits = Math.max(2, Math.floor(wanted.length / 4)) + 1
  for (const candidate of known) {
    const edits = editDistance(wanted, candidate.toLowerCase(), bestEdits)
    if (edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best
}

/** ` (did you mean "x"?)`, or nothing. */
export function nearMissHint(word: string, known: Iterable<string>): string {
  const near = nearMiss(word, known)
  return near === undefined ? '' : ` (did you mean "${near}"?)`
}

function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1)
      const step = 1 + Math.min(previous[column] ?? 0, current[column - 1] ?? 0)
      current.push(Math.min(change, step))
    }
    previous = current
  }
  return previous[right.length] ?? limit
}
