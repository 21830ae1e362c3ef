import type { TraceSpan } from '@oriel/query/contract'
import { describe, expect, it } from 'vitest'
import { criticalPath } from './critical-path.ts'
import { minimapMarks } from './minimap.ts'
import { buildSpanTree } from './span-tree.ts'
import { axisTicks, zoomWindow } from './time-axis.ts'
import { closedAncestors, visibleRows } from './visible-rows.ts'

/** Times in nanoseconds after a real epoch instant, which a double cannot hold exactly. */
const epochNs = 1_764_000_000_123_456_789n
type SpanArguments = [id: string, parent: string, start: number, end: number, more?: Partial<TraceSpan>]
function span(...[spanId, parentSpanId, start, end, more = {}]: SpanArguments): TraceSpan {
  return {
    id: `b:${spanId}`,
    spanId,
    parentSpanId,
    service: 'shop',
    name: spanId,
    kind: 'server',
    status: 'unset',
    timeNs: String(epochNs + BigInt(start)),
    durationNs: String(end - start),
    eventTimesNs: [],
    weight: 1,
    ...more,
  }
}
const keys = (spans: readonly TraceSpan[]): string[] =>
  buildSpanTree(spans).nodes.map((node) => `${'  '.repeat(node.depth)}${node.key}`)

describe('the tree', () => {
  it('is in preorder with siblings by start, whatever order the spans come in', () =>
    expect(
      keys([span('c', 'a', 5, 6), span('d', 'c', 5, 6), span('b', 'a', 1, 2), span('a', '', 0, 9)]),
    ).toEqual(['a', '  b', '  c', '    d']))

  it('names a missing parent once and hangs its children under it', () => {
    const tree = buildSpanTree([span('a', '', 0, 9), span('x', 'gone', 3, 4), span('y', 'gone', 5, 8)])
    expect(tree.missing).toBe(1)
    expect(tree.nodes.map((node) => node.key)).toEqual(['a', 'missing:gone', 'x', 'y'])
    expect(tree.nodes[1]).toMatchObject({ kind: 'missing', start: 3, end: 8, span: undefined })
  })

  it('cuts circles and keeps every span', () => {
    const tree = buildSpanTree([
      span('a', 'c', 0, 1),
      span('b', 'a', 0, 1),
      span('c', 'b', 0, 1),
      span('self', 'self', 2, 3),
    ])
    expect(tree.nodes.map((node) => node.key).sort()).toEqual(['a', 'b', 'c', 'self'])
    expect(tree.cycles).toBe(2)
  })

  it('counts a repeated id once', () => {
    const tree = buildSpanTree([span('a', '', 0, 9), span('a', '', 0, 9)])
    expect([tree.nodes.length, tree.duplicates]).toEqual([1, 1])
  })

  it('is empty for no spans', () => expect(buildSpanTree([])).toMatchObject({ nodes: [], durationNs: 0 }))

  it('keeps nanoseconds exact at the size of the epoch', () => {
    expect(buildSpanTree([span('a', '', 0, 9), span('b', 'a', 1, 2)]).nodes[1]).toMatchObject({
      start: 1,
      end: 2,
    })
  })

  it('folds repeated siblings but never one with an error', () => {
    const repeated = Array.from({ length: 10 }, (_, at) =>
      span(`i${at}`, 'a', at, at + at + 1, {
        name: 'GET',
        ...(at === 4 ? { status: 'error' as const } : {}),
      }),
    )
    const { nodes } = buildSpanTree([span('a', '', 0, 99), ...repeated])
    const fold = nodes.find((node) => node.kind === 'fold')
    expect(fold?.fold).toEqual({ count: 9, p50Ns: 6, maxNs: 10 })
    expect(nodes.find((node) => node.key === 'i4')?.depth).toBe(1)
    expect(visibleRows(nodes, new Set()).map((at) => nodes[at]?.key)).toEqual(['a', fold?.key, 'i4'])
    const inside = nodes.findIndex((node) => node.key === 'i7')
    expect(closedAncestors(nodes, inside, new Set())).toEqual([fold?.key])
    expect(visibleRows(nodes, new Set([fold?.key ?? ''])).length).toBe(12)
  })

  it('holds 100,000 spans, wide or in one chain', () => {
    const chain = Array.from({ length: 100_000 }, (_, at) =>
      span(String(at), at === 0 ? '' : String(at - 1), at, 200_000 - at),
    )
    const { nodes } = buildSpanTree(chain)
    expect([nodes.length, nodes.at(-1)?.depth, nodes[0]?.subtreeEnd]).toEqual([100_000, 99_999, 100_000])
    expect(criticalPath(nodes).size).toBe(100_000)
    const wide = buildSpanTree(
      Array.from({ length: 100_000 }, (_, at) => span(String(at), at === 0 ? '' : '0', at, at + 5)),
    )
    expect(wide.nodes.length).toBe(100_000)
  })
})

describe('rows', () => {
  const { nodes } = buildSpanTree([
    span('a', '', 0, 9),
    span('b', 'a', 1, 3),
    span('c', 'b', 1, 2),
    span('d', 'a', 4, 5),
  ])
  it('a closed row hides its subtree', () => expect(visibleRows(nodes, new Set(['b']))).toEqual([0, 1, 3]))
  it('a focus shows one subtree', () => expect(visibleRows(nodes, new Set(), 1)).toEqual([1, 2]))
})

describe('the critical path', () => {
  const { nodes } = buildSpanTree([
    span('root', '', 0, 100),
    span('early', 'root', 5, 40),
    span('late', 'root', 30, 90),
    span('deep', 'late', 50, 90),
    span('async', 'root', 95, 400),
  ])
  const path = criticalPath(nodes)
  const of = (key: string) => path.get(nodes.findIndex((node) => node.key === key))

  it('goes into the child that finished last, and cuts what outlives its parent', () => {
    expect(of('async')).toEqual([{ from: 95, to: 100 }])
    expect(of('deep')).toEqual([{ from: 50, to: 90 }])
    expect(of('late')).toEqual([{ from: 30, to: 50 }])
    expect(of('early')).toBeUndefined()
    expect(of('root')).toEqual([
      { from: 90, to: 95 },
      { from: 0, to: 30 },
    ])
  })

  it('tiles the root', () => {
    const total = [...path.values()].flat().reduce((sum, part) => sum + part.to - part.from, 0)
    expect(total).toBe(100)
  })
})

describe('the axis and the zoom', () => {
  it.each([
    [0, 2410, 6, [0, 500, 1000, 1500, 2000]],
    [0, 10, 5, [0, 2, 4, 6, 8, 10]],
    [5, 5, 5, []],
  ])('ticks of %d..%d', (from, to, most, expected) => expect(axisTicks(from, to, most)).toEqual(expected))

  it('stays inside the trace and above a microsecond', () => {
    expect(zoomWindow({ from: 0, to: 1e6 }, 4, { center: 5e5, duration: 1e6 })).toEqual({ from: 0, to: 1e6 })
    const near = zoomWindow({ from: 0, to: 2000 }, 0.01, { center: 0, duration: 1e6 })
    expect(near).toEqual({ from: 0, to: 1000 })
  })
})

it('the minimap draws a bounded number of marks and every error', () => {
  const spans = Array.from({ length: 20_000 }, (_, at) =>
    span(String(at), at === 0 ? '' : '0', at % 50, (at % 50) + 1, {
      name: `n${at}`,
      ...(at === 777 ? { status: 'error' as const } : {}),
    }),
  )
  const { nodes, durationNs } = buildSpanTree(spans)
  const marks = minimapMarks(nodes, durationNs, { width: 100, height: 46 })
  expect(marks.length).toBeLessThan(5000)
  expect(marks.some((mark) => nodes[mark.at]?.isError)).toBe(true)
})
