import type { TraceNode } from './span-tree.ts'

export interface MinimapMark {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly at: number
}

/** One line per span while there is room; beyond that spans share lines, and marks equal to the pixel are left out. */
export function minimapMarks(
  nodes: readonly TraceNode[],
  durationNs: number,
  box: { readonly width: number; readonly height: number },
): readonly MinimapMark[] {
  const scale = durationNs > 0 ? box.width / durationNs : 0
  const line = Math.min(4, (box.height - 4) / Math.max(1, nodes.length))
  const seen = new Set<number>()
  const marks: MinimapMark[] = []
  nodes.forEach((node, at) => {
    if (node.kind === 'fold') return
    const x = Math.floor(node.start * scale)
    const width = Math.max(2, (node.end - node.start) * scale)
    const y = Math.floor(2 + at * line)
    const pixel = (y * 8192 + x) * 8192 + Math.floor(width)
    // An error is always drawn, over what is there.
    if (seen.has(pixel) && !node.isError) return
    seen.add(pixel)
    marks.push({ x, y, width, at })
  })
  return marks
}
