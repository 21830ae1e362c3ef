import { isResourceField } from './field.ts'
import { type AttributeKnowledge, whereSql } from './predicate.ts'
import type { Bindings } from './statement.ts'
import type { ResolvedRange } from './time-range.ts'

export interface EventsScope {
  readonly range: ResolvedRange
  readonly where?: string | undefined
  readonly known?: AttributeKnowledge | undefined
  readonly signals?: readonly ('span' | 'log' | 'event')[] | undefined
  /** Fields used beside the predicate, so that the resource table is joined only when one needs it. */
  readonly fields?: readonly string[]
}

/**
 * FROM and WHERE over the events table, bounded in tenant, time and five-minute bucket: the key starts with tenant and
 * bucket, and without the bucket bound the engine reads every granule of the day.
 */
export function eventsScopeSql(scope: EventsScope, bindings: Bindings): { from: string; where: string } {
  const conditions = [`tenant = {tenant:String}`, ...timeBounds(scope.range, bindings)]
  if (scope.signals !== undefined && scope.signals.length > 0) {
    conditions.push(`signal IN (${scope.signals.map((signal) => `'${signal}'`).join(', ')})`)
  }
  if (scope.where !== undefined && scope.where.trim() !== '') {
    conditions.push(`(${whereSql(scope.where, bindings, scope.known)})`)
  }
  const resource = (scope.fields ?? []).some(isResourceField)
  return {
    from: resource
      ? `events ANY LEFT JOIN (${resourcesSql(scope.range, bindings)}) AS res USING (resource_id)`
      : 'events',
    where: conditions.join(' AND '),
  }
}

/** Both bounds: on the bucket, which the key holds, and on the exact time. */
export function timeBounds(range: ResolvedRange, bindings: Bindings): readonly string[] {
  const from = bindings.bind('Int64', String(range.fromMs))
  const to = bindings.bind('Int64', String(range.toMs))
  const instant = (value: string) => `fromUnixTimestamp64Milli(${value}, 'UTC')`
  return [
    `toStartOfFiveMinutes(time) >= toStartOfFiveMinutes(${instant(from)})`,
    `toStartOfFiveMinutes(time) <= toStartOfFiveMinutes(${instant(to)})`,
    `time >= ${instant(from)}`,
    `time < ${instant(to)}`,
  ]
}

function resourcesSql(range: ResolvedRange, bindings: Bindings): string {
  const day = (ms: number) => bindings.bind('Date', new Date(ms).toISOString().slice(0, 10))
  return `SELECT resource_id, any(attr_str) AS resource_attr_str, any(attr_num) AS resource_attr_num, any(attr_bool) AS resource_attr_bool
    FROM resources WHERE tenant = {tenant:String} AND day >= ${day(range.fromMs - 86_400_000)} AND day <= ${day(range.toMs + 86_400_000)}
    GROUP BY resource_id`
}
