import type { RedactDecision, Redactor } from './redact.ts'

/** Plain data, so that it can be handed to a worker thread. The first rule that fits decides. */
export type RedactRule =
  | { readonly key: string; readonly action: 'drop' | 'mask' }
  | { readonly keyPrefix: string; readonly action: 'drop' | 'mask' }

interface CompiledRule {
  readonly text: Buffer
  readonly whole: boolean
  readonly action: RedactDecision
}

class RuleRedactor implements Redactor {
  readonly #rules: readonly CompiledRule[]

  constructor(rules: readonly RedactRule[]) {
    this.#rules = rules.map((rule) => ({
      text: Buffer.from('key' in rule ? rule.key : rule.keyPrefix),
      whole: 'key' in rule,
      action: rule.action,
    }))
  }

  decide(keyBytes: Uint8Array, start: number, end: number): RedactDecision {
    for (const rule of this.#rules) if (fits(rule, keyBytes, start, end)) return rule.action
    return 'keep'
  }
}

function fits({ text, whole }: CompiledRule, keyBytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  if (whole ? length !== text.length : length < text.length) return false
  for (let at = 0; at < text.length; at++) if (keyBytes[start + at] !== text[at]) return false
  return true
}

/** Undefined without rules, so that the decoders do not ask at all. A nested value is decided by its own key. */
export function redactorOf(rules: readonly RedactRule[]): Redactor | undefined {
  return rules.length === 0 ? undefined : new RuleRedactor(rules)
}
