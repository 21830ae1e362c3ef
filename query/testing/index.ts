// fixtures on the real engine
export type { FixtureRow, FixtureStore } from './fixture-store.ts'
export { startFixtureStore } from './fixture-store.ts'
