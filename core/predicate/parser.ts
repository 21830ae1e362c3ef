import { operatorSymbols, type Token, tokenize } from './lexer.ts'
import { literalFromWord } from './literal.ts'
import {
  type ComparisonOperator,
  comparisonOperators,
  type FieldReference,
  type Literal,
  type Position,
  type Predicate,
  predicateLimits,
} from './predicate.ts'
import { predicateError } from './predicate-error.ts'

/**
 * Text → frozen predicate. Neighbours without an operator are joined by `and`, which binds closer than `or`.
 * Throws invalid_predicate with a position. Field names and types are checked when it is compiled, or by `describeErrors`.
 */
export function parsePredicate(text: string): Predicate {
  const { textLength } = predicateLimits
  if (text.length > textLength) {
    const message = `predicate of ${text.length} characters exceeds the maximum ${textLength}`
    throw predicateError(message, { start: textLength, end: text.length })
  }
  return new Parser(tokenize(text.toWellFormed())).parse()
}

const keyword = (token: Token, word: string): boolean =>
  token.kind === 'word' && token.text.toLowerCase() === word

class Parser {
  readonly #tokens: readonly Token[]
  #index = 0
  #depth = 0
  #nodes = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  parse(): Predicate {
    if (this.#peek().kind === 'end') return Object.freeze({ kind: 'all', position: this.#peek().position })
    const predicate = this.#or()
    const rest = this.#peek()
    if (rest.kind !== 'end') throw predicateError(`unexpected "${rest.text}"`, rest.position)
    return predicate
  }

  #or(): Predicate {
    const items = [this.#and()]
    while (keyword(this.#peek(), 'or')) {
      this.#take()
      items.push(this.#and())
    }
    return this.#join('or', items)
  }

  #and(): Predicate {
    const items = [this.#unary()]
    for (;;) {
      const next = this.#peek()
      if (keyword(next, 'and')) this.#take()
      else if (!startsTerm(next)) break
      items.push(this.#unary())
    }
    return this.#join('and', items)
  }

  #join(kind: 'and' | 'or', items: readonly Predicate[]): Predicate {
    const [first, ...others] = items
    if (first !== undefined && others.length === 0) return first
    const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]))
    return this.#node({ kind, items: Object.freeze(flat), position: span(first, items.at(-1)) })
  }

  #unary(): Predicate {
    this.#depth += 1
    const token = this.#peek()
    if (this.#depth > predicateLimits.depth) {
      throw predicateError(`nesting exceeds the maximum depth ${predicateLimits.depth}`, token.position)
    }
    const result = this.#prefixed(token)
    this.#depth -= 1
    return result
  }

  #prefixed(token: Token): Predicate {
    if (keyword(token, 'not')) {
      this.#take()
      return this.#negate(this.#unary(), token.position)
    }
    if (token.kind === 'symbol' && token.text === '(') {
      this.#take()
      const inner = this.#or()
      this.#expect(')', 'to close the bracket')
      return inner
    }
    return this.#term()
  }

  #negate(item: Predicate, from: Position): Predicate {
    return this.#node({ kind: 'not', item, position: { start: from.start, end: item.position.end } })
  }

  #term(): Predicate {
    const first = this.#take()
    if (!startsTerm(first)) {
      const found = first.kind === 'end' ? '' : `, found "${first.text}"`
      throw predicateError(`expected a condition${found}`, first.position)
    }
    const name = this.#prefixedName(first)
    const next = this.#peek()
    const negated = keyword(next, 'not') && isWordOperator(this.#peek(1))
    if (name === undefined && !isOperator(next) && !negated) return this.#text(first)
    const field = name ?? fieldReference(first)
    if (negated) this.#take()
    return this.#condition(field, negated)
  }

  #text(token: Token): Predicate {
    if (token.text === '') throw predicateError('expected text between the quotes', token.position)
    return this.#node({ kind: 'text', text: token.text, position: token.position })
  }

  /** `attr."a name with spaces"`. */
  #prefixedName(first: Token): FieldReference | undefined {
    const scope = first.kind === 'word' ? prefixScopes[first.text] : undefined
    if (scope === undefined) return undefined
    const name = this.#peek()
    if (name.kind !== 'string' || name.text === '' || name.position.start !== first.position.end) {
      throw predicateError(`expected an attribute name after "${first.text}"`, first.position)
    }
    this.#take()
    const position = { start: first.position.start, end: name.position.end }
    return Object.freeze({ scope, name: name.text, position })
  }

  #condition(field: FieldReference, negated: boolean): Predicate {
    const operator = this.#take()
    const word = operator.text.toLowerCase()
    if (operator.kind === 'word' && word === 'exists') {
      const position = { start: field.position.start, end: operator.position.end }
      const exists = this.#node({ kind: 'exists', field, position })
      return negated ? this.#negate(exists, field.position) : exists
    }
    if (operator.kind === 'word' && word === 'in') return this.#membership(field, negated ? 'not in' : 'in')
    const written = word === ':' ? '=' : word
    const known = comparisonOperators.find((each) => each === written)
    if (known === undefined) throw predicateError('expected an operator', operator.position)
    const comparison = this.#comparison(field, known, operator)
    return negated ? this.#negate(comparison, field.position) : comparison
  }

  #comparison(field: FieldReference, operator: ComparisonOperator, written: Token): Predicate {
    const value = this.#value(`"${written.text}"`)
    const position = { start: field.position.start, end: value.position.end }
    return this.#node({ kind: 'comparison', field, operator, value, position })
  }

  #membership(field: FieldReference, operator: 'in' | 'not in'): Predicate {
    this.#expect('(', `after "${operator}"`)
    const values = [this.#value('"("')]
    while (this.#peek().kind === 'symbol' && this.#peek().text === ',') {
      this.#take()
      values.push(this.#value('","'))
    }
    const close = this.#expect(')', 'to close the list')
    const position = { start: field.position.start, end: close.position.end }
    return this.#node({ kind: 'membership', field, operator, values: Object.freeze(values), position })
  }

  #value(after: string): Literal {
    const token = this.#take()
    if (token.kind === 'string') {
      return this.#count({ kind: 'string', value: token.text, position: token.position })
    }
    if (token.kind === 'word') return this.#count(literalFromWord(token.text, token.position))
    throw predicateError(`expected a value after ${after}`, token.position)
  }

  #expect(text: string, why: string): Token {
    const token = this.#take()
    if (token.kind === 'symbol' && token.text === text) return token
    throw predicateError(`expected "${text}" ${why}`, token.position)
  }

  #node(predicate: Predicate): Predicate {
    return this.#count(predicate)
  }

  #count<T extends Predicate | Literal>(node: T): T {
    this.#nodes += 1
    if (this.#nodes > predicateLimits.nodes) {
      throw predicateError(
        `predicate exceeds the maximum of ${predicateLimits.nodes} conditions`,
        node.position,
      )
    }
    return Object.freeze(node)
  }

  #peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]
    return token ?? { kind: 'end', text: '', position: { start: 0, end: 0 } }
  }

  #take(): Token {
    const token = this.#peek()
    this.#index += 1
    return token
  }
}

const prefixScopes: Readonly<Record<string, FieldReference['scope']>> = {
  'attr.': 'attribute',
  'resource.': 'resource',
}

function fieldReference(token: Token): FieldReference {
  const { text, position } = token
  if (text === '') throw predicateError('expected a field name', position)
  const prefix = token.kind === 'word' ? /^(?:attr|resource)\./.exec(text)?.[0] : undefined
  const scope = prefix === undefined ? undefined : prefixScopes[prefix]
  if (prefix === undefined || scope === undefined)
    return Object.freeze({ scope: 'auto', name: text, position })
  return Object.freeze({ scope, name: text.slice(prefix.length), position })
}

/** The reference a field name stands for outside a predicate, as in group-by: `http.route`, `resource.host.name`. */
export function parseFieldName(text: string): FieldReference {
  const position = { start: 0, end: text.length }
  const quoted = /^(attr\.|resource\.)?("[\s\S]*")$/.exec(text)
  if (quoted === null) return fieldReference({ kind: 'word', text, position })
  const token = tokenize(quoted[2] ?? '')[0]
  const scope = prefixScopes[quoted[1] ?? ''] ?? 'auto'
  return Object.freeze({ scope, name: token?.text ?? '', position })
}

function startsTerm(token: Token): boolean {
  if (token.kind === 'string') return true
  if (token.kind === 'symbol') return token.text === '('
  return token.kind === 'word' && !keyword(token, 'or') && !keyword(token, 'and')
}

function isWordOperator(token: Token): boolean {
  return keyword(token, 'in') || keyword(token, 'contains') || keyword(token, 'exists')
}

function isOperator(token: Token): boolean {
  return isWordOperator(token) || (token.kind === 'symbol' && operatorSymbols.has(token.text))
}

function span(first: Predicate | undefined, last: Predicate | undefined): Position {
  return { start: first?.position.start ?? 0, end: last?.position.end ?? 0 }
}
