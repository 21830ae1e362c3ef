/** Where to cut source[start, …) so that at most `bytesMax` bytes stay and no character is split. */
export function utf8Cut(source: Uint8Array, start: number, bytesMax: number): number {
  let end = start + bytesMax
  for (let back = 0; back < 3 && end > start && ((source[end] as number) & 0xc0) === 0x80; back++) end--
  return end
}

/** The end of a text that may have at most `bytesMax` bytes. */
export function capEnd(source: Uint8Array, start: number, end: number, bytesMax: number): number {
  return end - start <= bytesMax ? end : utf8Cut(source, start, bytesMax)
}
