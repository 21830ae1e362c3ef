import { tokens } from './tokens.ts'

/** `a and b and c` is `a and b` and `c`; undefined where there is one clause, or an `or` outside of parentheses. */
export function splitLastClause(
  where: string,
): { readonly before: string; readonly last: string } | undefined {
  let depth = 0
  let joint: { readonly start: number; readonly end: number } | undefined
  for (const token of tokens(where)) {
    if (token.text === '(') depth += 1
    else if (token.text === ')') depth -= 1
    else if (depth === 0 && token.kind === 'word' && /^or$/i.test(token.text)) return undefined
    else if (depth === 0 && token.kind === 'word' && /^and$/i.test(token.text)) joint = token
  }
  if (!joint || depth !== 0) return undefined
  const before = where.slice(0, joint.start).trim()
  const last = where.slice(joint.end).trim()
  return before && last ? { before, last } : undefined
}
