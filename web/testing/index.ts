export { bigTraceId, traceIdOf } from './fixture-data.ts'
export { startFixtureServer } from './fixture-server.ts'
