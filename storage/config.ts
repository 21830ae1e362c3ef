import { defineSettings, type Settings, setting } from '@oriel/core'

const dayMs = 86_400_000

/** The two stores: where they are, how much memory they take, how long they keep what they have. */
export const storageSettings = defineSettings(
  'storage',
  {
    engine: setting.enumeration({
      default: 'chdb',
      values: ['chdb', 'clickhouse'],
      doc: 'telemetry store: ClickHouse inside the process, or a ClickHouse server',
    }),
    clickhouseUrl: setting.string({
      default: '',
      doc: 'address of the ClickHouse server, with user and password, for storage.engine: clickhouse',
      secret: true,
    }),
    database: setting.string({ default: 'oriel', doc: 'database of the telemetry tables' }),
    stateUrl: setting.string({
      default: '',
      doc: 'postgres://… for the state store; empty means SQLite in the data directory',
      secret: true,
    }),
    queryConnections: setting.integer({
      default: 3,
      min: 1,
      max: 64,
      doc: 'questions that run side by side in the embedded engine',
    }),
    memoryBytesMax: setting.bytes({
      default: 2 ** 31,
      min: 2 ** 28,
      max: 2 ** 43,
      doc: 'memory of the embedded engine',
    }),
    markCacheBytesMax: setting.bytes({
      default: 2 ** 27,
      min: 2 ** 20,
      max: 2 ** 40,
      doc: 'mark cache of the embedded engine',
    }),
    retentionSpansMs: retention(7, 'spans'),
    retentionLogsMs: retention(7, 'log records'),
    retentionEventsMs: retention(7, 'wide events'),
    retentionMetricsMs: retention(30, 'metrics'),
    retentionRollupsMs: retention(30, 'request rates, the attribute catalogue and the ingest ledger'),
  },
  (values) =>
    values.engine === 'clickhouse' && values.clickhouseUrl === ''
      ? 'storage.engine is clickhouse, but storage.clickhouseUrl is empty'
      : undefined,
)

export type StorageSettings = Settings<typeof storageSettings>

function retention(days: number, what: string) {
  return setting.durationMs({
    default: days * dayMs,
    min: dayMs,
    max: 3650 * dayMs,
    doc: `how long ${what} are kept; whole days`,
  })
}
