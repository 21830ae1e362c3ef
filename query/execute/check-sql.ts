import { OrielError, telemetryTables } from '@oriel/core'
import { sqlFunctions } from './sql-functions.ts'

/** Kinds of syntax nodes expert SQL may hold; everything else, known or new, is refused. */
const nodeKinds = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'ArrayJoin',
  'Subquery',
  'Identifier',
  'Literal',
  'Function',
  'Asterisk',
  'QualifiedAsterisk',
  'OrderByElement',
  'WithElement',
  'WindowDefinition',
  'WindowListElement',
  'ColumnsTransformerList',
  'ColumnsExceptTransformer',
  'InterpolateElement',
  'SampleRatio',
])

const membership = /^(global)?(not)?(null)?in(ignoreset)?$/i

export interface SqlContext {
  /** As the engine printed it, on one line. */
  readonly sql: string
  /** Every table of the database: a WITH may not take such a name. */
  readonly storedTables: ReadonlySet<string>
}

interface NodePlace {
  readonly nodes: readonly Node[]
  readonly index: number
}

interface Node {
  readonly depth: number
  readonly kind: string
  readonly text: string
}

/**
 * The tree as `EXPLAIN AST` prints it, one node a line. Throws sql_refused. A table may be a telemetry table or a name that
 * WITH gave; the right side of IN may not be a bare name, because there a name is read as a table.
 */
export function checkSyntaxTree(lines: readonly string[], context: SqlContext): void {
  // a quoted name with an escape could print a line of its own into the tree
  if (/[`"](?:[^`"\\]*)\\/.test(context.sql.replace(/'(?:[^'\\]|\\.|'')*'/g, `''`))) {
    throw refused('a quoted name with a backslash')
  }
  const nodes = lines.filter((line) => line.trim() !== '').map(parseLine)
  if (nodes[0]?.kind !== 'SelectWithUnionQuery') throw refused('a statement that is not a SELECT')
  // FORMAT and INTO OUTFILE hang beside the list of selects, at its own depth
  const beside = nodes.filter((node) => node.depth === 1 && node.kind !== 'ExpressionList')
  if (beside.length > 0) throw refused('FORMAT, SETTINGS or INTO OUTFILE')
  nodes.forEach((node, index) => {
    checkNode(node, { ...context, nodes, index })
  })
}

function checkNode(node: Node, context: SqlContext & NodePlace): void {
  const { nodes, index } = context
  if (node.kind === 'Set') throw refused('a SETTINGS clause')
  if (!nodeKinds.has(node.kind)) throw refused(`the syntax ${node.kind}`)
  if (node.kind === 'TableExpression' && nodes[index + 1]?.kind === 'Function')
    throw refused('a table function')
  if (node.kind === 'TableIdentifier') checkTable(node.text, context)
  if (node.kind !== 'Function') return
  const name = node.text
  if (!sqlFunctions.has(name.toLowerCase())) throw refused(`the function ${name}`)
  if (membership.test(name)) checkMembership(nodes, index)
}

function checkTable(name: string, context: SqlContext): void {
  if (telemetryTables.some((table) => table === name)) return
  // a name that is no table of the store can only be one that WITH gave
  if (/^\w+$/.test(name) && !context.storedTables.has(name)) return
  throw refused(`the table ${name}`)
}

function checkMembership(nodes: readonly Node[], index: number): void {
  const depth = (nodes[index]?.depth ?? 0) + 2
  let position = 0
  for (const node of nodes.slice(index + 2)) {
    if (node.depth < depth) return
    if (node.depth > depth) continue
    position += 1
    const allowed =
      node.kind === 'Literal' ||
      node.kind === 'Subquery' ||
      (node.kind === 'Function' && /^(tuple|array)$/.test(node.text))
    if (position === 2 && !allowed) throw refused('a name on the right side of IN')
  }
}

/** `   Function count (alias c) (children 1)` */
function parseLine(line: string): Node {
  const match = /^( *)(\S+)(?: (.*?))??(?: \(alias .*\))?(?: \(children \d+\))?$/s.exec(line)
  if (match === null) throw refused('a syntax tree that cannot be read')
  return { depth: match[1]?.length ?? 0, kind: match[2] ?? '', text: match[3] ?? '' }
}

function refused(what: string): OrielError {
  return new OrielError('sql_refused', `expert SQL may not hold ${what.slice(0, 200)}`)
}
