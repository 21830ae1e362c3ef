import { describe, expect, test } from 'vitest'
import { compileTotals } from './aggregate.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { compileSearch, searchWindows } from './search.ts'
import { resolveSteps } from './step.ts'
import { resolveInstant, resolveRange } from './time-range.ts'
import { compileTraceBounds } from './trace.ts'

const startMs = Date.UTC(2026, 0, 15, 12)
const range = { fromMs: startMs, toMs: startMs + 60_000 }
const flat = (sql: string) => sql.replace(/\s+/g, ' ').trim()

const bounded = `tenant = {tenant:String}
  AND toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(fromUnixTimestamp64Milli({v0:Int64}, 'UTC'))
  AND toStartOfFiveMinutes(time) <= toStartOfFiveMinutes(fromUnixTimestamp64Milli({v1:Int64}, 'UTC'))
  AND time >= fromUnixTimestamp64Milli({v0:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({v1:Int64}, 'UTC')`

describe('the SQL reads like this', () => {
  test('a search is bounded in tenant, time and bucket, and ordered along the key', () => {
    const { sql, params } = compileSearch({
      range,
      order: 'newest',
      limit: 50,
      signals: ['span'],
      attributes: [],
    })
    const [, rest = ''] = flat(sql).split(' FROM events ')
    expect(rest).toBe(
      flat(`WHERE ${bounded} AND signal IN ('span')
        ORDER BY toStartOfFiveMinutes(time) DESC, time DESC, block_id DESC, row_no DESC LIMIT {v2:UInt32}`),
    )
    expect(params).toEqual({ v0: String(range.fromMs), v1: String(range.toMs), v2: 50 })
  })

  test('text of the user is bound, never SQL', () => {
    const evil = `x' OR 1=1 --`
    const { sql, params } = compileSearch({
      range,
      order: 'newest',
      limit: 1,
      where: `service = "${evil}"`,
      attributes: [evil],
    })
    expect(sql).not.toContain('OR 1=1')
    expect(JSON.stringify(params)).toContain('OR 1=1')
  })

  test('totals: one scan, weights everywhere, top and other', () => {
    const { sql } = compileTotals({
      range,
      aggregates: [{ op: 'count' }],
      groupBy: ['service'],
      top: 3,
      types: new Map(),
    })
    expect(flat(sql)).toBe(
      flat(`SELECT if(other, '', k0) AS g_k0, place > {v2:UInt32} AS other, sum(m0_w) AS f_m0_w,
        any(groups) AS groups_total, max(weighted_any) AS weighted, max(unknown_any) AS unknown_sampling, min(place) AS first_place
        FROM (SELECT *, row_number() OVER (ORDER BY (m0_w) DESC NULLS LAST, k0) AS place, count() OVER () AS groups
        FROM (SELECT k0, sum(m0_w) AS m0_w, max(weighted) AS weighted_any, max(unknown_sampling) AS unknown_any
        FROM (SELECT if(toString(service) = '', '', concat('s', toString(service))) AS k0, sum(weight) AS m0_w,
        max(weight != 1) AS weighted, max(th = '' AND signal = 'span') AS unknown_sampling
        FROM events WHERE ${bounded} AND weight > 0 GROUP BY k0) GROUP BY k0))
        GROUP BY g_k0, other ORDER BY other, first_place`),
    )
  })

  test('a trace is found by its index', () => {
    expect(flat(compileTraceBounds('ab').sql)).toContain(
      'FROM trace_index WHERE tenant = {tenant:String} AND trace_id = unhex({v0:String})',
    )
  })
})

describe('time', () => {
  const nowMs = Date.UTC(2026, 0, 15, 12)
  test.each([
    ['now', nowMs],
    ['now-15m', nowMs - 900_000],
    ['now+1d', nowMs + 86_400_000],
    ['2026-01-15T12:00:00Z', nowMs],
    [String(nowMs), nowMs],
    [nowMs, nowMs],
  ])('%s', (given, expected) => {
    expect(resolveInstant('from', given, nowMs)).toBe(expected)
  })

  test.each([
    '',
    'yesterday',
    'now-',
    'now-1y',
    '-5',
    'NaN',
    '99999999999999999',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('"%s" is no instant', (given) => {
    expect(() => resolveInstant('from', given, nowMs)).toThrow('is not an instant')
  })

  test('a range names its setting', () => {
    expect(() => resolveRange({ from: 'now-92d', to: 'now' }, nowMs, 31 * 86_400_000)).toThrow(
      'time range 92d exceeds the maximum 31d (query.rangeMax)',
    )
  })

  test('steps are aligned and bounded', () => {
    const hour = { fromMs: nowMs - 3_600_000, toMs: nowMs }
    expect(resolveSteps(hour, 'auto', { stepsMax: 1500 })).toMatchObject({ stepMs: 30_000 })
    expect(() => resolveSteps(hour, 1, { stepsMax: 1500 })).toThrow('(query.stepsMax)')
  })
})

describe('windows of a search', () => {
  test.each(['newest', 'oldest'] as const)('%s: they cover the range once, without a gap', (order) => {
    const day = { fromMs: startMs + 1234, toMs: startMs + 86_400_000 }
    const windows = searchWindows(day, order)
    const ascending = order === 'newest' ? [...windows].reverse() : windows
    expect(ascending[0]?.fromMs).toBe(day.fromMs)
    expect(ascending.at(-1)?.toMs).toBe(day.toMs)
    for (const [index, window] of ascending.entries()) {
      const before = ascending[index - 1]
      if (before !== undefined) expect(window.fromMs).toBe(before.toMs)
    }
    expect(windows.length).toBeLessThan(8)
  })
})

describe('cursors', () => {
  const cursor = {
    receivedBeforeMs: 1,
    fromMs: 2,
    toMs: 3,
    order: 'newest' as const,
    question: 'q',
    last: { timeNs: '1768478400000000001', blockId: '18446744073709551615', rowNo: 7 },
  }
  test('come back as they went', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor)
  })
  test.each([
    '',
    'x',
    '!!!',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('[1,1,2,3,"newest","q","x","1",1]').toString('base64url'),
  ])('rubbish "%s" is refused', (text) => {
    expect(() => decodeCursor(text)).toThrow('cursor is not one of ours')
  })
  test('another version has expired', () => {
    expect(() => decodeCursor(Buffer.from('[2,1,2,3,"newest","q","1","1",1]').toString('base64url'))).toThrow(
      'cursor version 2 is not 1',
    )
  })
})
