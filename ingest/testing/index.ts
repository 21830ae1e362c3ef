// decode
export type { Reply, ToldRequest } from './told-decode-pool.ts'
export { ToldDecodePool } from './told-decode-pool.ts'
