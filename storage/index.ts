// telemetry store: the port

// settings
export type { StorageSettings } from './config.ts'
export { storageSettings } from './config.ts'
// state store
export type { ApiKey, ApiKeyScope, NewApiKey } from './state/api-keys.ts'
export { ApiKeys, apiKeyScopes } from './state/api-keys.ts'
export type { StateStoreOptions } from './state/state-store.ts'
export { StateStore } from './state/state-store.ts'
export type { StateTables } from './state/tables.ts'
// telemetry store: engines
export type { ChdbEngineOptions } from './telemetry/chdb/chdb-engine.ts'
export { ChdbEngine } from './telemetry/chdb/chdb-engine.ts'
export { uvThreadsNeeded } from './telemetry/chdb/threads.ts'
export type { ClickhouseEngineOptions } from './telemetry/clickhouse/clickhouse-engine.ts'
export { ClickhouseEngine } from './telemetry/clickhouse/clickhouse-engine.ts'
// telemetry store: schema
export type { TableColumn } from './telemetry/columns.ts'
export {
  blockStructure,
  newestFirst,
  schemaChecksum,
  schemaVersion,
  tableColumns,
  textSearchExpressions,
} from './telemetry/columns.ts'
export type {
  BlockInsert,
  BlockSource,
  Engine,
  EngineQuery,
  EngineResult,
  Lane,
  QueryLimits,
} from './telemetry/engine.ts'
export { migrateTelemetry } from './telemetry/migrate.ts'
export { applyRetention } from './telemetry/retention.ts'
