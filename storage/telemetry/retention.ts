import { OrielError, type TelemetryTable } from '@oriel/core'
import type { StorageSettings } from '../config.ts'
import type { Engine } from './engine.ts'

type Retention = Pick<
  StorageSettings,
  'retentionSpansMs' | 'retentionLogsMs' | 'retentionEventsMs' | 'retentionMetricsMs' | 'retentionRollupsMs'
>

const dayMs = 86_400_000
const limits = { timeMs: 60_000, memoryBytes: 500_000_000 }

/**
 * Sets how long each table keeps its rows. A partition holds one signal and one day, and `ttl_only_drop_parts` is on, so
 * what expires is dropped in whole parts and never rewritten. A table that has the wanted rule already is left alone.
 */
export async function applyRetention(
  engine: Engine,
  retention: Retention,
): Promise<readonly TelemetryTable[]> {
  const changed: TelemetryTable[] = []
  for (const [table, rule] of retentionRules(retention)) {
    const { rows } = await engine.query<{ readonly ddl: string }>({
      sql: 'SELECT create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
      params: { table },
      lane: 'internal',
      limits,
    })
    const ddl = rows[0]?.ddl
    if (ddl === undefined) throw new OrielError('internal', `table ${table} does not exist`)
    if (ddl.includes(`TTL ${rule} SETTINGS`)) continue
    await engine.execute(`ALTER TABLE ${table} MODIFY TTL ${rule}`)
    changed.push(table)
  }
  return changed
}

function retentionRules(retention: Retention): readonly (readonly [TelemetryTable, string])[] {
  const days = (durationMs: number) => Math.ceil(durationMs / dayMs)
  const spans = days(retention.retentionSpansMs)
  const logs = days(retention.retentionLogsMs)
  const events = days(retention.retentionEventsMs)
  const metrics = days(retention.retentionMetricsMs)
  const rollups = days(retention.retentionRollupsMs)
  const traces = Math.max(spans, logs)
  const resources = Math.max(spans, logs, events, metrics)
  return [
    [
      'events',
      `toDateTime(time) + toIntervalDay(multiIf(signal = 'span', ${spans}, signal = 'log', ${logs}, ${events}))`,
    ],
    ['trace_index', `day + toIntervalDay(${traces})`],
    ['red_minute', `minute + toIntervalDay(${rollups})`],
    ['attribute_catalogue', `hour + toIntervalDay(${rollups})`],
    ['resources', `day + toIntervalDay(${resources})`],
    ['metric_series', `day + toIntervalDay(${metrics})`],
    ['metric_points', `toDateTime(time) + toIntervalDay(${metrics})`],
    ['ingest_minute', `minute + toIntervalDay(${rollups})`],
  ]
}
