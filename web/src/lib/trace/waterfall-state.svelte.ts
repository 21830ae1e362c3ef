import { criticalPath } from './critical-path.ts'
import type { SpanTree, TraceNode } from './span-tree.ts'
import { zoomWindow } from './time-axis.ts'
import { closedAncestors, isOpen, visibleRows } from './visible-rows.ts'

/** What a person has done to a waterfall: opened, selected, zoomed, searched. */
export class WaterfallState {
  tree = $state.raw<SpanTree>({ nodes: [], startNs: 0n, durationNs: 0, missing: 0, duplicates: 0, cycles: 0 })
  toggled = $state.raw<ReadonlySet<string>>(new Set())
  focusKey = $state('')
  selectedKey = $state('')
  zoomed = $state.raw<{ readonly from: number; readonly to: number } | undefined>(undefined)
  search = $state('')
  showsPath = $state(true)

  readonly nodes = $derived(this.tree.nodes)
  readonly indexOf = $derived(new Map(this.nodes.map((node, at) => [node.key, at])))
  readonly rows = $derived(visibleRows(this.nodes, this.toggled, this.indexOf.get(this.focusKey) ?? -1))
  readonly selected = $derived(this.indexOf.get(this.selectedKey) ?? -1)
  readonly window = $derived(this.zoomed ?? { from: 0, to: this.tree.durationNs || 1 })
  readonly path = $derived(this.showsPath ? criticalPath(this.nodes) : new Map())
  readonly matches = $derived(matching(this.nodes, this.search))

  move(by: number): void {
    const row = this.rows.indexOf(this.selected)
    const at = this.rows[Math.max(0, Math.min(this.rows.length - 1, row + by))]
    if (at !== undefined) this.selectedKey = this.nodes[at]?.key ?? ''
  }

  toggle(at: number): void {
    const node = this.nodes[at]
    if (!node || node.childCount === 0) return
    const next = new Set(this.toggled)
    if (!next.delete(node.key)) next.add(node.key)
    this.toggled = next
  }

  /** → opens, then goes to the first child; ← closes, then goes to the parent. */
  open(): void {
    const node = this.nodes[this.selected]
    if (!node) return
    if (node.childCount > 0 && !isOpen(node, this.toggled)) this.toggle(this.selected)
    else if (node.childCount > 0) this.move(1)
  }

  close(): void {
    const node = this.nodes[this.selected]
    if (!node) return
    if (node.childCount > 0 && isOpen(node, this.toggled)) this.toggle(this.selected)
    else this.reveal(node.parent)
  }

  setAll(open: boolean): void {
    const keys = this.nodes
      .filter(
        (node) => node.childCount > 0 && node.depth > (open ? -1 : 0) && (node.kind === 'fold') === open,
      )
      .map((node) => node.key)
    this.toggled = new Set(keys)
  }

  reveal(at: number): void {
    const node = this.nodes[at]
    if (!node) return
    const closed = closedAncestors(this.nodes, at, this.toggled)
    if (closed.length > 0) {
      const next = new Set(this.toggled)
      for (const key of closed) if (!next.delete(key)) next.add(key)
      this.toggled = next
    }
    this.selectedKey = node.key
  }

  next(wanted: (node: TraceNode, at: number) => boolean, step: 1 | -1): void {
    const count = this.nodes.length
    for (let away = 1; away <= count; away++) {
      const at = (((this.selected + step * away) % count) + count) % count
      const node = this.nodes[at]
      if (node && node.kind !== 'fold' && wanted(node, at)) {
        this.reveal(at)
        return
      }
    }
  }

  zoom(factor: number, center = (this.window.from + this.window.to) / 2): void {
    const next = zoomWindow(this.window, factor, { center, duration: this.tree.durationNs })
    this.zoomed = next.to - next.from >= this.tree.durationNs ? undefined : next
  }

  focus(): void {
    const node = this.nodes[this.selected]
    if (!node) return
    this.focusKey = this.focusKey === node.key ? '' : node.key
    this.zoomed = this.focusKey && node.end > node.start ? { from: node.start, to: node.end } : undefined
  }

  reset(): void {
    this.zoomed = undefined
    this.focusKey = ''
  }
}

function matching(nodes: readonly TraceNode[], search: string): ReadonlySet<number> {
  const wanted = search.trim().toLowerCase()
  const found = new Set<number>()
  if (wanted === '') return found
  nodes.forEach((node, at) => {
    if (
      node.kind !== 'fold' &&
      `${node.service} ${node.name} ${node.span?.spanId ?? ''}`.toLowerCase().includes(wanted)
    )
      found.add(at)
  })
  return found
}
