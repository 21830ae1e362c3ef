export { ClickhouseBridge } from './clickhouse-bridge.ts'
export type { TestPostgres } from './postgres.ts'
export { postgresBinaries, startPostgres } from './postgres.ts'
