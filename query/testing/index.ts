// ports in memory
export type { MemoryPorts } from './api-ports.ts'
export { memoryPorts } from './api-ports.ts'
// fixtures on the real engine
export type { FixtureRow, FixtureStore } from './fixture-store.ts'
export { startFixtureStore } from './fixture-store.ts'
