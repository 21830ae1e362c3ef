import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  type Config,
  defineSettings,
  loadConfig,
  logLevels,
  OrielError,
  type Settings,
  type SettingsGroup,
  setting,
} from '@oriel/core'
import { decodeSettings, ingestSettings, journalSettings } from '@oriel/ingest'
import { querySettings } from '@oriel/query'
import { storageSettings } from '@oriel/storage'

/** What concerns the process as a whole. */
export const serverSettings = defineSettings('server', {
  dataDir: setting.string({
    default: 'data',
    doc: 'Directory of everything the process keeps. One process at a time; a lock file guards it.',
  }),
  logLevel: setting.enumeration({
    default: 'info',
    values: logLevels,
    doc: 'Least severe log line written to standard error.',
  }),
  drainTimeoutMs: setting.durationMs({
    default: 30_000,
    min: 0,
    max: 600_000,
    doc: 'Time all parts together get to finish at a stop. What is acknowledged is in the journal in any case.',
  }),
})

export type ServerSettings = Settings<typeof serverSettings>

/** Every group of settings there is, in the order of the reference page. */
export const settingsGroups: readonly SettingsGroup[] = [
  serverSettings,
  ingestSettings,
  decodeSettings,
  journalSettings,
  storageSettings,
  querySettings,
]

/** Options that every command which reads the configuration takes. */
export const configOptions = {
  config: { type: 'string' },
  'data-dir': { type: 'string' },
  set: { type: 'string', multiple: true },
} as const

/** `--set group.name=value` wins over the environment, which wins over `--config` (or ORIEL_CONFIG), a YAML file. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options: configOptions })
  const overrides: Record<string, string> = {}
  if (values['data-dir'] !== undefined) overrides['server.dataDir'] = values['data-dir']
  for (const pair of values.set ?? []) {
    const at = pair.indexOf('=')
    if (at < 1) throw new OrielError('config_invalid', `--set takes group.name=value, not "${pair}"`)
    overrides[pair.slice(0, at)] = pair.slice(at + 1)
  }
  const path = values.config ?? process.env.ORIEL_CONFIG
  const file = path === undefined ? {} : { file: { path, text: readText(path) } }
  return loadConfig(settingsGroups, { environment: process.env, overrides, ...file })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new OrielError('config_invalid', `the configuration file ${path} cannot be read`, { cause })
  }
}
