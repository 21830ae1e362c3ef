/** A reader of \u escapes and UTF-8 must agree on one mark for what is not a character. */
const replacement = 0xfffd

const simpleEscapes: Readonly<Record<number, number>> = {
  34: 34, // "
  47: 47, // /
  92: 92, // \
  98: 8, // b
  102: 12, // f
  110: 10, // n
  114: 13, // r
  116: 9, // t
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Four hexadecimal digits at `at`, or -1. */
function codeUnit(source: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  let value = 0
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(source[i] ?? 0)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function putUtf8(code: number, target: Uint8Array, start: number): number {
  let at = start
  if (code < 0x80) {
    target[at++] = code
  } else if (code < 0x800) {
    target[at++] = 0xc0 | (code >> 6)
    target[at++] = 0x80 | (code & 63)
  } else if (code < 0x10000) {
    target[at++] = 0xe0 | (code >> 12)
    target[at++] = 0x80 | ((code >> 6) & 63)
    target[at++] = 0x80 | (code & 63)
  } else {
    target[at++] = 0xf0 | (code >> 18)
    target[at++] = 0x80 | ((code >> 12) & 63)
    target[at++] = 0x80 | ((code >> 6) & 63)
    target[at++] = 0x80 | (code & 63)
  }
  return at
}

/**
 * Writes the inside of a JSON string, source[start, end), as UTF-8 to the start of `target`, which must be as long as the
 * source part. A surrogate without its pair becomes U+FFFD. Returns the number of bytes, or -1 when an escape is not one.
 */
export function unescapeJson(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let from = start
  let to = 0
  while (from < end) {
    const byte = source[from++] ?? 0
    if (byte !== 0x5c) {
      target[to++] = byte
      continue
    }
    const kind = source[from++] ?? 0
    if (kind !== 0x75) {
      const plain = simpleEscapes[kind]
      if (plain === undefined) return -1
      target[to++] = plain
      continue
    }
    let code = codeUnit(source, from, end)
    if (code < 0) return -1
    from += 4
    if (code >= 0xd800 && code < 0xe000) {
      const low = isEscapeU(source, from, end) ? codeUnit(source, from + 2, end) : -1
      const paired = code < 0xdc00 && low >= 0xdc00 && low < 0xe000
      code = paired ? 0x10000 + (code - 0xd800) * 1024 + (low - 0xdc00) : replacement
      if (paired) from += 6
    }
    to = putUtf8(code, target, to)
  }
  return to
}

function isEscapeU(source: Uint8Array, at: number, end: number): boolean {
  return at + 6 <= end && source[at] === 0x5c && source[at + 1] === 0x75
}
