import { describe, expect, it } from 'vitest'
import { type ConfigSources, defineSettings, environmentName, loadConfig, type Settings } from './config.ts'
import { renderConfigReference, renderErrorReference } from './reference-pages.ts'
import { setting } from './setting.ts'

const ingest = defineSettings(
  'ingest',
  {
    lingerMs: setting.durationMs({ default: 200, min: 0, max: 10_000, doc: 'how long a group waits' }),
    bodyBytesMax: setting.bytes({ default: 2 ** 26, min: 2 ** 10, max: 2 ** 30, doc: 'largest body' }),
    workers: setting.integer({ default: 1, min: 1, max: 64, doc: 'decode threads', unit: 'threads' }),
    sync: setting.enumeration({ default: 'group', values: ['group', 'never'], doc: 'when to sync' }),
    token: setting.string({ default: '', doc: 'a secret', secret: true }),
    hosts: setting.stringList({ default: [], doc: 'allowed hosts' }),
    open: setting.boolean({ default: false, doc: 'a | b' }),
  },
  ({ open, hosts }) =>
    open && hosts.length > 0 ? 'ingest.open = true and ingest.hosts exclude each other' : undefined,
)
const query = defineSettings('query', {
  rangeMaxMs: setting.durationMs({ default: 86_400_000, min: 1, max: 31 * 86_400_000, doc: 'longest range' }),
})

function load(sources: ConfigSources): Settings<typeof ingest> {
  return loadConfig([ingest, query], sources).get(ingest)
}

function failure(sources: ConfigSources): unknown {
  try {
    load(sources)
    return 'no error'
  } catch (error) {
    expect(error).toMatchObject({ code: 'config_invalid' })
    return error instanceof Error ? error.message : error
  }
}

const file = (text: string) => ({ file: { path: 'oriel.yaml', text } })

describe('loadConfig', () => {
  it('gives the defaults when nothing is set', () => {
    expect(load({})).toEqual({
      lingerMs: 200,
      bodyBytesMax: 67_108_864,
      workers: 1,
      sync: 'group',
      token: '',
      hosts: [],
      open: false,
    })
  })

  it('lets overrides win over the environment, and that over the file', () => {
    const config = loadConfig([ingest, query], {
      ...file('ingest:\n  workers: 2\n  lingerMs: 1s\n  hosts: [a, b]\nquery:\n'),
      environment: { ORIEL_INGEST_WORKERS: '3', ORIEL_INGEST_BODY_BYTES_MAX: '1.5MiB', PATH: '/bin' },
      overrides: { 'ingest.workers': 4, 'ingest.sync': undefined },
    })
    expect(config.get(ingest)).toMatchObject({
      workers: 4,
      lingerMs: 1000,
      bodyBytesMax: 1_572_864,
      hosts: ['a', 'b'],
    })
    expect(config.origins).toEqual({
      'ingest.workers': 'command line',
      'ingest.lingerMs': 'oriel.yaml',
      'ingest.hosts': 'oriel.yaml',
      'ingest.bodyBytesMax': 'ORIEL_INGEST_BODY_BYTES_MAX',
    })
  })

  it('passes by the names that are not settings', () => {
    expect(
      load({
        environment: { ORIEL_CHROMIUM: '/x', ORIEL_TEST_CLICKHOUSE: 'y', ORIEL_CONFIG: 'z', ORIEL_KEY: 'k' },
      }).workers,
    ).toBe(1)
  })

  const cases: readonly { name: string; sources: ConfigSources; expect: string }[] = [
    {
      name: 'an unknown environment name',
      sources: { environment: { ORIEL_INGEST_LINGR_MS: '1' } },
      expect: 'unknown environment name ORIEL_INGEST_LINGR_MS (did you mean "ORIEL_INGEST_LINGER_MS"?)',
    },
    {
      name: 'an unknown setting in the file',
      sources: file('ingest: { worker: 1 }'),
      expect: 'unknown setting "ingest.worker" in oriel.yaml (did you mean "workers"?)',
    },
    {
      name: 'an unknown group',
      sources: file('qery: {}'),
      expect: 'unknown group "qery" in oriel.yaml (did you mean "query"?)',
    },
    {
      name: 'an unknown override',
      sources: { overrides: { 'ingest.xyzzy': 1 } },
      expect: 'unknown setting "ingest.xyzzy"',
    },
    {
      name: 'a value above the maximum',
      sources: { environment: { ORIEL_INGEST_LINGER_MS: '11s' } },
      expect: 'ingest.lingerMs exceeds the maximum 10s, but is "11s" (from ORIEL_INGEST_LINGER_MS)',
    },
    {
      name: 'a value below the minimum',
      sources: file('ingest: { bodyBytesMax: 1 }'),
      expect: 'ingest.bodyBytesMax is below the minimum 1KiB, but is 1 (from oriel.yaml)',
    },
    {
      name: 'a wrong unit',
      sources: file('ingest: { lingerMs: 5 parsecs }'),
      expect:
        'ingest.lingerMs must be a number with one of the units ms, s, m, h, d, but is "5 parsecs" (from oriel.yaml)',
    },
    {
      name: 'not an integer',
      sources: file('ingest: { workers: 1.5 }'),
      expect: 'ingest.workers must be an integer, but is 1.5 (from oriel.yaml)',
    },
    {
      name: 'none of the values',
      sources: file('ingest: { sync: nevr }'),
      expect:
        'ingest.sync must be one of group, never (did you mean "never"?), but is "nevr" (from oriel.yaml)',
    },
    {
      name: 'not true or false',
      sources: file('ingest: { open: maybe }'),
      expect: 'ingest.open must be true or false, but is "maybe" (from oriel.yaml)',
    },
    {
      name: 'a secret of the wrong type, without showing it',
      sources: file('ingest: { token: [hunter2] }'),
      expect: 'ingest.token must be text, but is [redacted] (from oriel.yaml)',
    },
    {
      name: 'what contradicts itself',
      sources: file('ingest: { open: true, hosts: [a] }'),
      expect: 'ingest: ingest.open = true and ingest.hosts exclude each other',
    },
    {
      name: 'a file that is a list',
      sources: file('- a'),
      expect: 'oriel.yaml must hold groups of settings',
    },
  ]
  it.each(cases)('refuses $name', ({ sources, expect: message }) => {
    expect(failure(sources)).toBe(message)
  })

  it('refuses a file that is not YAML', () => {
    expect(failure(file('a: [b'))).toContain('oriel.yaml is not valid YAML')
  })
})

describe('reference pages', () => {
  it('name every setting with its environment name, bounds and default', () => {
    const page = renderConfigReference([ingest, query])
    expect(page).toContain(
      '| `ingest.lingerMs` | `ORIEL_INGEST_LINGER_MS` | 0ms to 10s | `200ms` | how long a group waits |',
    )
    expect(page).toContain('| 1 to 64 threads | `1` |')
    expect(page).toContain('| a \\| b |')
    expect(page).toContain('## query')
  })
  it('name every error', () => {
    expect(renderErrorReference()).toContain(
      '| `invalid_predicate` | 400 | 3 | correct the predicate at the position named |',
    )
  })
  it('derive environment names', () => {
    expect(environmentName('journal.segments', 'fileBytesMax')).toBe('ORIEL_JOURNAL_SEGMENTS_FILE_BYTES_MAX')
  })
})
