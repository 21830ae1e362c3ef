import type { TraceNode } from './span-tree.ts'

/** Folds start closed, everything else open; `toggled` holds the keys of the rows a person changed. */
export function isOpen(node: TraceNode, toggled: ReadonlySet<string>): boolean {
  return toggled.has(node.key) === (node.kind === 'fold')
}

/** The rows on screen as indices of nodes, in order; `root` shows one subtree alone. */
export function visibleRows(
  nodes: readonly TraceNode[],
  toggled: ReadonlySet<string>,
  root = -1,
): readonly number[] {
  const rows: number[] = []
  const end = root < 0 ? nodes.length : (nodes[root]?.subtreeEnd ?? 0)
  let at = Math.max(0, root)
  while (at < end) {
    const node = nodes[at]
    if (!node) break
    rows.push(at)
    at = node.childCount > 0 && !isOpen(node, toggled) ? node.subtreeEnd : at + 1
  }
  return rows
}

/** Keys to toggle so that the node can be seen. */
export function closedAncestors(
  nodes: readonly TraceNode[],
  at: number,
  toggled: ReadonlySet<string>,
): readonly string[] {
  const keys: string[] = []
  for (let node = nodes[nodes[at]?.parent ?? -1]; node; node = nodes[node.parent]) {
    if (!isOpen(node, toggled)) keys.push(node.key)
  }
  return keys
}
