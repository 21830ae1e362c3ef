import { type AttributeType, attributeColumns, attributeTestSql, attributeTypes } from './attribute-sql.ts'
import { fieldTestSql } from './field-sql.ts'
import { type Predicate, predicateLimits } from './predicate.ts'
import { predicateError } from './predicate-error.ts'
import { resolvePredicate } from './resolve.ts'
import type { ResolvedPredicate, Target, Test, TextSearch } from './resolved.ts'
import { SqlParameters } from './sql-parameters.ts'

export interface PredicateSql {
  /** A condition over the columns of `events`, never NULL. Uses `{tenant:String}`, which the caller binds. */
  readonly sql: string
  readonly params: Readonly<Record<string, string | readonly string[]>>
}

export interface PredicateSqlOptions {
  /** Given when several fragments go into one statement. */
  readonly parameters?: SqlParameters
  /**
   * Where the catalogue has seen a name without a prefix: knowing it spares the look into the other place. Only for a
   * catalogue that is complete for the time range; `either` is always right.
   */
  readonly scopeOf?: (key: string) => 'attribute' | 'resource' | 'either'
  /** The types the catalogue has seen under a name, on the same condition: columns of other types are then not read. */
  readonly typesOf?: (key: string) => readonly AttributeType[]
}

interface Context {
  readonly parameters: SqlParameters
  readonly scopeOf: (key: string) => 'attribute' | 'resource' | 'either'
  readonly typesOf: (key: string) => readonly AttributeType[]
}

/** The predicate as SQL. All text from the user is in the parameters. Throws invalid_predicate. */
export function predicateToSql(predicate: Predicate, options: PredicateSqlOptions = {}): PredicateSql {
  const parameters = options.parameters ?? new SqlParameters()
  const context = {
    parameters,
    scopeOf: options.scopeOf ?? (() => 'either' as const),
    typesOf: options.typesOf ?? (() => attributeTypes),
  }
  const sql = toSql(resolvePredicate(predicate), context)
  const { sqlLength } = predicateLimits
  if (sql.length > sqlLength) {
    const message = `predicate of ${sql.length} characters of SQL exceeds the maximum ${sqlLength}; use fewer conditions, or in (...)`
    throw predicateError(message, predicate.position)
  }
  return { sql, params: parameters.values }
}

function toSql(predicate: ResolvedPredicate, context: Context): string {
  switch (predicate.kind) {
    case 'all':
      return '1'
    case 'and':
    case 'or': {
      const items = predicate.items.map((item) => toSql(item, context))
      return `(${items.join(predicate.kind === 'and' ? ' AND ' : ' OR ')})`
    }
    case 'not':
      return `NOT (${toSql(predicate.item, context)})`
    case 'text':
      return textSearchSql(predicate.search, context.parameters)
    case 'test':
      return testSql(predicate.target, predicate.test, context)
  }
}

function testSql(target: Target, test: Test, { parameters, scopeOf, typesOf }: Context): string {
  if (target.kind === 'field') return fieldTestSql(target.field, test, parameters)
  const scope = target.kind === 'either' ? scopeOf(target.key) : target.kind
  const key = { key: target.key, types: typesOf(target.key) }
  const onMaps = attributeTestSql(key, test, parameters)
  if (scope === 'attribute') return onMaps
  const onResource = `resource_id IN (SELECT resource_id FROM resources WHERE tenant = {tenant:String} AND ${onMaps})`
  if (scope === 'resource') return onResource
  const { exists } = attributeColumns(key, parameters)
  return test.kind === 'exists'
    ? `(${exists} OR ${onResource})`
    : `(${onMaps} OR (${onResource} AND NOT ${exists}))`
}

/** The one place that searches text: written so that a text index over lower(column) serves it. */
function textSearchSql(search: TextSearch, parameters: SqlParameters): string {
  const columns = ['body', 'name', 'exception_message'].map((column) => {
    const tests: string[] = []
    if (search.tokens.length > 0) {
      tests.push(`hasAllTokens(lower(${column}), ${parameters.bind('Array(String)', search.tokens)})`)
    }
    if (search.phrase !== undefined) {
      tests.push(`position(lower(${column}), ${parameters.bind('String', search.phrase)}) > 0`)
    }
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' AND ')})`
  })
  return `(${columns.join(' OR ')})`
}
