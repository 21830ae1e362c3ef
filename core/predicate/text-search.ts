import type { TextSearch } from './resolved.ts'

/** ClickHouse allows 64 tokens in hasAllTokens. */
const tokensMax = 64
const separators = /[^a-z0-9\u0080-\u{10ffff}]+/u

/** ASCII letters only, as ClickHouse's `lower` does. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** As ClickHouse's splitByNonAlpha tokenizer: runs of ASCII letters, digits and anything beyond ASCII. */
export function textTokens(lowered: string): readonly string[] {
  return lowered.split(separators).filter((token) => token !== '')
}

export function textSearch(text: string): TextSearch {
  const phrase = lowerAscii(text)
  const tokens = [...new Set(textTokens(phrase))].slice(0, tokensMax)
  return tokens.length === 1 && tokens[0] === phrase ? { tokens } : { tokens, phrase }
}

/** The function twin of the SQL: all tokens and the phrase in one text. */
export function textHolds(search: TextSearch, text: string): boolean {
  const lowered = lowerAscii(text)
  if (search.phrase !== undefined && !lowered.includes(search.phrase)) return false
  if (search.tokens.length === 0) return true
  const found = new Set(textTokens(lowered))
  return search.tokens.every((token) => found.has(token))
}
