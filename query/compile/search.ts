import type { PageKey } from './cursor.ts'
import { attributeColumns, eventColumns } from './event-columns.ts'
import { type EventsScope, eventsScopeSql } from './events-scope.ts'
import { Bindings, type Statement } from './statement.ts'

export interface SearchQuery extends EventsScope {
  readonly order: 'newest' | 'oldest'
  readonly limit: number
  /** Rows strictly behind this one in the order. */
  readonly after?: PageKey | undefined
  /** Only rows received before this instant: the snapshot of the later pages. */
  readonly receivedBeforeMs?: number | undefined
  /** Attribute keys to return; undefined is all. */
  readonly attributes?: readonly string[] | undefined
}

/** The order follows the key (tenant, bucket, …), so that the newest rows are read first and the rest not at all. */
export function compileSearch(query: SearchQuery): Statement {
  const bindings = new Bindings()
  const { from, where } = eventsScopeSql(query, bindings)
  const conditions = [where]
  if (query.receivedBeforeMs !== undefined) {
    const bound = bindings.bind('Int64', String(query.receivedBeforeMs))
    conditions.push(`ingest_time < fromUnixTimestamp64Milli(${bound}, 'UTC')`)
  }
  if (query.after !== undefined) conditions.push(afterSql(query.after, query.order, bindings))
  const direction = query.order === 'newest' ? 'DESC' : 'ASC'
  const order = ['toStartOfFiveMinutes(time)', 'time', 'block_id', 'row_no']
  const attributes = attributesSql(query.attributes, bindings)
  return bindings.statement(`SELECT ${[eventColumns, attributes].filter((part) => part !== '').join(', ')}
FROM ${from}
WHERE ${conditions.join(' AND ')}
ORDER BY ${order.map((column) => `${column} ${direction}`).join(', ')}
LIMIT ${bindings.bind('UInt32', query.limit)}`)
}

function attributesSql(keys: readonly string[] | undefined, bindings: Bindings): string {
  if (keys === undefined) return attributeColumns
  if (keys.length === 0) return ''
  const wanted = bindings.bind('Array(String)', keys)
  const pick = (column: string, alias: string) =>
    `mapFilter((k, v) -> has(${wanted}, k), ${column}) AS ${alias}`
  return [
    pick('attr_str', 'e_str'),
    pick('attr_num', 'e_num'),
    pick('attr_bool', 'e_bool'),
    pick('attr_meta', 'e_meta'),
  ].join(', ')
}

function afterSql(after: PageKey, order: SearchQuery['order'], bindings: Bindings): string {
  const sign = order === 'newest' ? '<' : '>'
  const time = `fromUnixTimestamp64Nano(${bindings.bind('Int64', after.timeNs)}, 'UTC')`
  const block = bindings.bind('UInt64', after.blockId)
  const row = bindings.bind('UInt32', after.rowNo)
  return `toStartOfFiveMinutes(time) ${sign}= toStartOfFiveMinutes(${time}) AND time ${sign}= ${time}
  AND (time ${sign} ${time} OR block_id ${sign} ${block} OR (block_id = ${block} AND row_no ${sign} ${row}))`
}

const bucketMs = 300_000
const firstWindowMs = 6 * 3_600_000
const oneThreadMs = 24 * 3_600_000 + bucketMs

/**
 * One thread reads in the order asked for and stops at the last row of the page; several read ahead, each in its own place, up
 * to forty times as much (docs/benchmarks.md). So windows of up to a day get one thread; longer ones, where little is found, get all.
 */
export function windowSettings(window: EventsScope['range']): Readonly<Record<string, number>> {
  return window.toMs - window.fromMs <= oneThreadMs ? { max_threads: 1 } : {}
}

/**
 * Windows to search one after the other until the page is full: six hours first, each four times the one before,
 * from the end that the order begins with. The edges lie on buckets, so no bucket is read twice.
 */
export function searchWindows(
  range: EventsScope['range'],
  order: SearchQuery['order'],
): EventsScope['range'][] {
  const windows: EventsScope['range'][] = []
  let sizeMs = firstWindowMs
  if (order === 'newest') {
    for (let toMs = range.toMs; toMs > range.fromMs; sizeMs *= 4) {
      const fromMs = Math.max(range.fromMs, Math.floor((toMs - sizeMs) / bucketMs) * bucketMs)
      windows.push({ fromMs, toMs })
      toMs = fromMs
    }
    return windows
  }
  for (let fromMs = range.fromMs; fromMs < range.toMs; sizeMs *= 4) {
    const toMs = Math.min(range.toMs, Math.ceil((fromMs + sizeMs) / bucketMs) * bucketMs)
    windows.push({ fromMs, toMs })
    fromMs = toMs
  }
  return windows
}
