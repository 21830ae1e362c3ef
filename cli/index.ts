// the process, for tests and benches
export { settingsGroups } from './config.ts'
export type { StandaloneOptions } from './standalone.ts'
export { Standalone } from './standalone.ts'
