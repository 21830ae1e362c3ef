import type { TraceNode } from './span-tree.ts'

export interface PathSegment {
  readonly from: number
  readonly to: number
}

/**
 * The work that decided how long the trace took: backwards from the end of the longest root, always into the child that
 * finished last before that instant. By node index; the segments of all nodes tile the root without overlap.
 */
export function criticalPath(nodes: readonly TraceNode[]): ReadonlyMap<number, readonly PathSegment[]> {
  const segments = new Map<number, PathSegment[]>()
  const children = childrenByEnd(nodes)
  const root = children.get(-1)?.reduce((best, at) => (length(nodes[at]) > length(nodes[best]) ? at : best))
  if (root === undefined) return segments
  const stack: { at: number; from: number; to: number }[] = [
    { at: root, from: nodes[root]?.start ?? 0, to: nodes[root]?.end ?? 0 },
  ]
  for (let top = stack.pop(); top; top = stack.pop()) {
    let cursor = top.to
    const own: PathSegment[] = []
    for (const child of children.get(top.at) ?? []) {
      const node = nodes[child]
      if (!node) continue
      const end = Math.min(node.end, top.to)
      const start = Math.max(node.start, top.from)
      // Still running at the cursor: it ran beside the one chosen before.
      if (end > cursor || start >= end) continue
      if (cursor > end) own.push({ from: end, to: cursor })
      stack.push({ at: child, from: start, to: end })
      cursor = start
      if (cursor <= top.from) break
    }
    if (cursor > top.from) own.push({ from: top.from, to: cursor })
    if (own.length > 0) segments.set(top.at, own)
  }
  return segments
}

function length(node: TraceNode | undefined): number {
  return node ? node.end - node.start : 0
}

function childrenByEnd(nodes: readonly TraceNode[]): Map<number, number[]> {
  const children = new Map<number, number[]>()
  nodes.forEach((node, at) => {
    const list = children.get(node.parent)
    if (list) list.push(at)
    else children.set(node.parent, [at])
  })
  for (const list of children.values()) list.sort((a, b) => (nodes[b]?.end ?? 0) - (nodes[a]?.end ?? 0))
  return children
}
