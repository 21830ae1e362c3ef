import { basename, dirname, resolve } from 'node:path'
import { OrielError } from '@oriel/core'

/**
 * The patterns of `file()` for exactly these files, in their order: one for each run of files in the same folder. A choice in braces may
 * not hold a slash (chDB then finds nothing and says nothing), and what would be read as a wildcard is refused.
 */
export function filePatterns(paths: readonly string[]): readonly string[] {
  const runs: { folder: string; names: string[] }[] = []
  for (const path of paths) {
    const absolute = resolve(path)
    if (/[*?{},|]/.test(absolute)) {
      throw new OrielError(
        'config_invalid',
        `path ${absolute} holds one of * ? { } , |, which the engine reads as wildcards`,
      )
    }
    const folder = dirname(absolute)
    const last = runs.at(-1)
    if (last?.folder === folder) last.names.push(basename(absolute))
    else runs.push({ folder, names: [basename(absolute)] })
  }
  return runs.map(
    ({ folder, names }) => `${folder}/${names.length === 1 ? names[0] : `{${names.join(',')}}`}`,
  )
}

/** A pattern without files would insert nothing and succeed, so their number is asked for first. */
export function requireFiles(found: { readonly files: string } | undefined, paths: readonly string[]): void {
  const count = Number(found?.files ?? 0)
  if (count === paths.length) return
  throw new OrielError(
    'store_unavailable',
    `the engine finds ${count} of ${paths.length} block files, first ${paths[0]}`,
    {
      retryable: true,
    },
  )
}
