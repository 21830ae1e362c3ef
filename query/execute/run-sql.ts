import { OrielError, telemetryTables } from '@oriel/core'
import type { SqlAnswer, SqlRequest } from '../contract.ts'
import { checkSyntaxTree } from './check-sql.ts'
import type { Inquiry } from './reader.ts'

const sqlLengthMax = 20_000

/**
 * Expert SQL. `readonly` alone does not make SQL safe, and embedded ClickHouse has no users, roles or row policies, so:
 * the engine's own parser reads the text as one statement (a parameter, never our SQL), its syntax tree may hold only listed
 * nodes, functions and tables, and every telemetry table gets the tenant as `additional_table_filters`, which reaches
 * into subqueries and WITH. What overrides it (SETTINGS) or goes round it (merge()) is not on the lists.
 */
export async function runSql(inquiry: Inquiry, request: SqlRequest): Promise<SqlAnswer> {
  if (request.sql.length > sqlLengthMax) {
    throw new OrielError(
      'sql_refused',
      `the text of ${request.sql.length} characters exceeds the maximum ${sqlLengthMax}`,
    )
  }
  if (/\{\s*\w+\s*:/.test(request.sql))
    throw new OrielError('sql_refused', 'expert SQL may not hold a query parameter')
  const sql = await singleLine(inquiry, request.sql)
  const tree = await inquiry.readSystem<{ explain: string }>({ sql: `EXPLAIN AST ${sql}`, params: {} })
  const tables = await inquiry.readSystem<{ name: string }>({
    sql: 'SELECT name FROM system.tables WHERE database = currentDatabase()',
    params: {},
  })
  const storedTables = new Set(tables.map((row) => row.name))
  checkSyntaxTree(
    tree.flatMap((row) => row.explain.split('\n')),
    { sql, storedTables },
  )
  const settings = { additional_table_filters: tenantFilters(inquiry.tenant) }
  // filtered too: a scalar subquery can show in a type
  const columns = await inquiry.readFiltered<{ name: string; type: string }>(
    { sql: `DESCRIBE TABLE (${sql})`, params: {} },
    settings,
  )
  const limit = inquiry.settings.sqlRowsMax
  const wrapped = `SELECT * FROM (${sql}) LIMIT ${limit + 1} SETTINGS readonly = 1`
  const rows = await inquiry.readFiltered<Readonly<Record<string, unknown>>>(
    { sql: wrapped, params: {} },
    settings,
  )
  if (rows.length > limit) {
    inquiry.cut({
      what: `rows after the first ${limit}`,
      limit: `${limit} rows (query.sqlRowsMax)`,
      advice: 'aggregate, or add LIMIT',
    })
  }
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.slice(0, limit).map((row) => columns.map((column) => row[column.name] ?? null)),
    meta: inquiry.meta(),
  }
}

/** Refuses several statements and what does not parse; removes comments. */
async function singleLine(inquiry: Inquiry, text: string): Promise<string> {
  try {
    const [row] = await inquiry.readSystem<{ line: string }>({
      sql: 'SELECT formatQuerySingleLine({text:String}) AS line',
      params: { text },
    })
    const line = row?.line ?? ''
    if (!/^(SELECT|WITH|\(SELECT)\b/.test(line))
      throw new OrielError('sql_refused', 'only a single SELECT is allowed')
    return line
  } catch (error) {
    if (error instanceof OrielError && error.code === 'sql_refused' && error.cause === undefined) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new OrielError('sql_refused', `the text is not one statement: ${reason.slice(0, 300)}`, {
      cause: error,
    })
  }
}

/** `{'events':'tenant = \'a\''}`: text within text, so quoted twice. */
export function tenantFilters(tenant: string): string {
  const filter = `tenant = ${quoted(tenant)}`
  return `{${telemetryTables.map((table) => `${quoted(table)}:${quoted(filter)}`).join(',')}}`
}

function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, `\\'`)}'`
}
