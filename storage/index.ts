// telemetry store
export type {
  BlockInsert,
  BlockSource,
  Engine,
  EngineQuery,
  EngineResult,
  Lane,
  QueryLimits,
} from './telemetry/engine.ts'
