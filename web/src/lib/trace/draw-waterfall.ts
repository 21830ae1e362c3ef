import { serviceCategory } from '../chart/service-color.ts'
import { formatDuration } from '../format/duration.ts'
import type { PathSegment } from './critical-path.ts'
import { minimapMarks } from './minimap.ts'
import type { TraceNode } from './span-tree.ts'
import { isOpen } from './visible-rows.ts'

export const rowHeight = 24

export interface WaterfallView {
  readonly nodes: readonly TraceNode[]
  readonly rows: readonly number[]
  readonly toggled: ReadonlySet<string>
  readonly path: ReadonlyMap<number, readonly PathSegment[]>
  readonly matches: ReadonlySet<number>
  readonly logTimes: ReadonlyMap<string, readonly number[]>
  readonly eventTimes: (node: TraceNode) => readonly number[]
  readonly window: { readonly from: number; readonly to: number }
  readonly width: number
  readonly height: number
  readonly nameWidth: number
  readonly scrollTop: number
  readonly color: (token: string) => string
  readonly font: string
}

/** Draws the rows inside the view and nothing else, so that its cost does not depend on the size of the trace. */
export function drawWaterfall(context: CanvasRenderingContext2D, view: WaterfallView): void {
  context.clearRect(0, 0, view.width, view.height)
  context.textBaseline = 'middle'
  const first = Math.floor(view.scrollTop / rowHeight)
  const last = Math.min(view.rows.length, Math.ceil((view.scrollTop + view.height) / rowHeight))
  for (let row = first; row < last; row++) {
    const at = view.rows[row] ?? -1
    const node = view.nodes[at]
    if (!node) continue
    const y = row * rowHeight - view.scrollTop
    if (view.matches.has(at)) fill(context, view.color('--warn-quiet'), [0, y, view.width, rowHeight])
    fill(context, view.color('--line'), [0, y + rowHeight - 1, view.width, 0.5])
    clipped(context, [0, y, view.nameWidth - 6, rowHeight], () => drawName(context, view, node, y))
    clipped(context, [view.nameWidth, y, view.width - view.nameWidth, rowHeight], () =>
      drawBar(context, view, at, y),
    )
  }
}

type Box = readonly [x: number, y: number, width: number, height: number]

function fill(context: CanvasRenderingContext2D, color: string, box: Box): void {
  context.fillStyle = color
  context.fillRect(...box)
}

function clipped(context: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  context.save()
  context.beginPath()
  context.rect(...box)
  context.clip()
  draw()
  context.restore()
}

function drawName(context: CanvasRenderingContext2D, view: WaterfallView, node: TraceNode, y: number): void {
  const middle = y + rowHeight / 2
  let x = nameIndent(node)
  context.font = `12px ${view.font}`
  if (node.childCount > 0) {
    context.fillStyle = view.color('--muted')
    context.fillText(isOpen(node, view.toggled) ? '▾' : '▸', x, middle)
  }
  x += 14
  if (node.isError) {
    context.fillStyle = view.color('--bad')
    context.fillText('!', x, middle)
    x += 8
  }
  context.fillStyle = view.color(`--cat-${serviceCategory(node.service)}`)
  context.fillText(node.service, x, middle)
  x += context.measureText(node.service).width + 6
  context.fillStyle = view.color(node.kind === 'missing' ? '--muted' : '--text')
  if (node.kind === 'missing') context.font = `italic 12px ${view.font}`
  context.fillText(node.fold ? `${node.name} ×${node.fold.count}` : node.name, x, middle)
}

/** Very deep trees stop moving right: the depth stays readable in the row's label. */
export function nameIndent(node: TraceNode): number {
  return 8 + Math.min(node.depth, 16) * 14
}

function drawBar(context: CanvasRenderingContext2D, view: WaterfallView, at: number, y: number): void {
  const node = view.nodes[at]
  if (!node) return
  const plot = view.width - view.nameWidth
  const scale = plot / (view.window.to - view.window.from || 1)
  const place = (time: number): number => view.nameWidth + (time - view.window.from) * scale
  const left = place(node.start)
  const right = Math.max(left + 2, place(node.end))
  // Far outside positions would lose precision in the canvas.
  const shownLeft = Math.max(view.nameWidth - 10, left)
  const box: Box = [shownLeft, y + 4, Math.max(2, Math.min(view.width + 10, right) - shownLeft), 14]
  if (right < view.nameWidth || left > view.width) return
  if (node.kind === 'missing') {
    context.strokeStyle = view.color('--unknown')
    context.setLineDash([4, 3])
    context.strokeRect(...box)
    context.setLineDash([])
  } else fill(context, view.color(`--cat-${serviceCategory(node.service)}`), box)
  if (node.isError) {
    context.strokeStyle = view.color('--bad')
    context.lineWidth = 2
    context.strokeRect(...box)
    context.lineWidth = 1
  }
  for (const part of view.path.get(at) ?? []) {
    const from = Math.max(view.nameWidth, place(part.from))
    fill(context, view.color('--text'), [
      from,
      y + 20,
      Math.max(1, Math.min(view.width, place(part.to)) - from),
      2,
    ])
  }
  drawMarks(context, view, { node, y, place })
  drawLabel(context, view, { node, y, left: box[0], right: box[0] + box[2] })
}

function drawMarks(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  bar: { readonly node: TraceNode; readonly y: number; readonly place: (time: number) => number },
): void {
  for (const time of view.eventTimes(bar.node)) {
    const x = bar.place(time)
    context.fillStyle = view.color('--warn')
    context.strokeStyle = view.color('--bg')
    context.beginPath()
    context.moveTo(x, bar.y + 6)
    context.lineTo(x + 5, bar.y + 11)
    context.lineTo(x, bar.y + 16)
    context.lineTo(x - 5, bar.y + 11)
    context.closePath()
    context.fill()
    context.stroke()
  }
  for (const time of view.logTimes.get(bar.node.key) ?? []) {
    context.fillStyle = view.color('--text')
    context.beginPath()
    context.arc(bar.place(time), bar.y + 3, 2, 0, 7)
    context.fill()
  }
}

function drawLabel(
  context: CanvasRenderingContext2D,
  view: WaterfallView,
  bar: { readonly node: TraceNode; readonly y: number; readonly left: number; readonly right: number },
): void {
  const { fold, start, end, kind } = bar.node
  const text = fold
    ? `×${fold.count} · p50 ${formatDuration(fold.p50Ns)} · max ${formatDuration(fold.maxNs)}`
    : kind === 'missing'
      ? 'not received'
      : formatDuration(end - start)
  context.font = `11px ${view.font}`
  const width = context.measureText(text).width
  context.fillStyle = view.color('--muted')
  if (bar.right + 8 + width < view.width) context.fillText(text, bar.right + 8, bar.y + 11.5)
  else if (bar.left - 8 - width > view.nameWidth) context.fillText(text, bar.left - 8 - width, bar.y + 11.5)
  else {
    // On the bar where it fits there; else beside it, cut by the edge.
    const inside = Math.max(bar.left, view.nameWidth) + 6
    const fits = bar.right - inside > width && kind !== 'missing'
    if (fits) context.fillStyle = view.color('--bg')
    context.fillText(text, fits ? inside : bar.right + 8, bar.y + 11.5)
  }
}

export function drawMinimap(
  context: CanvasRenderingContext2D,
  view: Pick<WaterfallView, 'nodes' | 'window' | 'width' | 'height' | 'color'>,
  durationNs: number,
): void {
  context.clearRect(0, 0, view.width, view.height)
  const scale = view.width / (durationNs || 1)
  fill(context, view.color('--accent-quiet'), [
    view.window.from * scale,
    0,
    (view.window.to - view.window.from) * scale,
    view.height,
  ])
  for (const mark of minimapMarks(view.nodes, durationNs, view)) {
    const node = view.nodes[mark.at]
    if (!node) continue
    const token = node.isError
      ? '--bad'
      : node.kind === 'missing'
        ? '--unknown'
        : `--cat-${serviceCategory(node.service)}`
    fill(context, view.color(token), [mark.x, mark.y, mark.width, 2])
  }
}
