import { OrielError } from '@oriel/core'

const otherConnections = 2
const spareThreads = 4

/** What UV_THREADPOOL_SIZE must be at least: one thread per connection and four for files, else writes wait behind queries. */
export function uvThreadsNeeded(queryConnections = 3): number {
  return queryConnections + otherConnections + spareThreads
}

/** libuv reads the variable once, at its first use, so it must be set before the process starts. */
export function requireThreads(queryConnections: number): void {
  const given = Number(process.env.UV_THREADPOOL_SIZE ?? '4')
  const needed = uvThreadsNeeded(queryConnections)
  if (given >= needed) return
  throw new OrielError(
    'config_invalid',
    `UV_THREADPOOL_SIZE is ${given}, below the ${needed} that ${queryConnections} query connections need`,
  )
}
