// telemetry store: the port

// telemetry store: engines
export type { ChdbEngineOptions } from './telemetry/chdb/chdb-engine.ts'
export { ChdbEngine } from './telemetry/chdb/chdb-engine.ts'
export { uvThreadsNeeded } from './telemetry/chdb/threads.ts'
// telemetry store: schema
export type { TableColumn } from './telemetry/columns.ts'
export { blockStructure, schemaVersion, tableColumns } from './telemetry/columns.ts'
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
