import { describe, expect, it } from 'vitest'
import { importsOf, repositoryFiles, textOf } from './source-files.ts'

/** Who may import whom: DESIGN §4. Keys are folders, values the packages of ours they may name. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: ['@oriel/core'],
  storage: ['@oriel/core', '@oriel/storage'],
  ingest: ['@oriel/core', '@oriel/storage', '@oriel/ingest'],
  query: ['@oriel/core', '@oriel/storage', '@oriel/query'],
  web: ['@oriel/core', '@oriel/query/contract'],
  cli: [
    '@oriel/core',
    '@oriel/storage',
    '@oriel/ingest',
    '@oriel/query',
    '@oriel/query/contract',
    '@oriel/cli',
  ],
  deploy: [],
}

/** Libraries that live in one place, so that they can be replaced there. */
const homes: Readonly<Record<string, RegExp>> = {
  kafkajs: /^ingest\/journal\/kafka\//,
  chdb: /^storage\/telemetry\/chdb\/|^storage\/testing\//,
  '@clickhouse/client': /^storage\/telemetry\/clickhouse\//,
  hono: /^query\/api\/|^query\/app\.ts|^ingest\/receive\//,
  uplot: /^web\/src\/lib\/[^/]+\/[^/]*$|^web\/src\/lib\/[^/]*$/,
}

const sources = repositoryFiles(/^(core|storage|ingest|query|web|cli|deploy)\/.*\.(ts|svelte)$/)
const production = sources.filter((path) => !/\.test\.ts$|\/testing\//.test(path))

describe('the import table', () => {
  it('has files to look at', () => {
    expect(production.length).toBeGreaterThan(50)
  })

  it('lets packages import only what DESIGN §4 allows', () => {
    const wrong = production.flatMap((path) => {
      const folder = path.split('/')[0] ?? ''
      const doors = allowed[folder] ?? []
      return importsOf(textOf(path))
        .filter((name) => name.startsWith('@oriel/'))
        .filter((name) => !doors.some((door) => name === door || name === `${door}/testing`))
        .map(
          (name) => `${path} imports ${name}; ${folder}/ may import ${doors.join(', ') || 'nothing of ours'}`,
        )
    })
    expect(wrong).toEqual([])
  })

  it('lets nothing reach into another package by path', () => {
    const wrong = production.flatMap((path) => {
      const depth = path.split('/').length - 1
      return importsOf(textOf(path))
        .filter((name) => name.startsWith('../'.repeat(depth)))
        .map((name) => `${path} imports ${name}; use the package's own name instead`)
    })
    expect(wrong).toEqual([])
  })

  it('keeps each of these libraries in its one home', () => {
    const wrong = production.flatMap((path) =>
      importsOf(textOf(path)).flatMap((name) => {
        const library = name.startsWith('@')
          ? name.split('/').slice(0, 2).join('/')
          : (name.split('/')[0] ?? '')
        const home = homes[library]
        return home === undefined || home.test(path)
          ? []
          : [`${path} imports ${library}; its home is ${home}`]
      }),
    )
    expect(wrong).toEqual([])
  })
})
