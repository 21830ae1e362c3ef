import { fileURLToPath } from 'node:url'

/** Where the generated set is kept between benches; git ignores it. */
export function benchDirectory(): string {
  return process.env.ORIEL_BENCH_DIR ?? fileURLToPath(new URL('../../.oriel/bench', import.meta.url))
}
