import { parse as parseYaml } from 'yaml'
import { OrielError } from './error.ts'
import { nearMissHint } from './near-miss.ts'
import type { Setting } from './setting.ts'

export type SettingsShape = Readonly<Record<string, Setting<unknown>>>

/** One package's settings, declared once: file key `group.name`, environment name `ORIEL_GROUP_NAME`. */
export interface SettingsGroup<S extends SettingsShape = SettingsShape> {
  readonly group: string
  readonly settings: S
  /** What cannot hold together: returns the reason, naming both keys, or undefined. */
  contradiction?(values: ValuesOf<S>): string | undefined
}

type ValuesOf<S extends SettingsShape> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never
}

/** The values of a declared group: `type IngestSettings = Settings<typeof ingestSettings>`. */
export type Settings<G> = G extends SettingsGroup<infer S> ? ValuesOf<S> : never

export interface ConfigSources {
  /** Usually process.env. Every `ORIEL_…` name must be known. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** YAML text nested by group. */
  readonly file?: { readonly path: string; readonly text: string }
  /** Dotted key → value, as a command line gives them; these win. */
  readonly overrides?: Readonly<Record<string, unknown>>
}

export interface Config {
  /** The values of a group that was given to `loadConfig`; without sources, its defaults. */
  get<S extends SettingsShape>(group: SettingsGroup<S>): ValuesOf<S>
  /** Where each value that is not the default came from, by dotted key. */
  readonly origins: Readonly<Record<string, string>>
}

/** Names in the environment that are ours but not settings. */
const otherNames = /^ORIEL_(CONFIG|URL|KEY|CHROMIUM|INSTALL|TEST_.*|BENCH_.*)$/

export function defineSettings<const S extends SettingsShape>(
  group: string,
  settings: S,
  contradiction?: (values: ValuesOf<S>) => string | undefined,
): SettingsGroup<S> {
  return contradiction === undefined ? { group, settings } : { group, settings, contradiction }
}

/** `lingerMs` in `ingest` is `ORIEL_INGEST_LINGER_MS`. */
export function environmentName(group: string, name: string): string {
  const snake = (text: string) => text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[.-]/g, '_')
  return `ORIEL_${snake(group)}_${snake(name)}`.toUpperCase()
}

/** Reads every group: overrides win over the environment, it over the file, it over defaults. Throws config_invalid. */
export function loadConfig(groups: readonly SettingsGroup[], sources: ConfigSources = {}): Config {
  const given = collect(groups, sources)
  const origins: Record<string, string> = {}
  const loaded = new Map<string, Readonly<Record<string, unknown>>>()
  for (const declared of groups) {
    const values: Record<string, unknown> = {}
    for (const [name, declaration] of Object.entries(declared.settings)) {
      const key = `${declared.group}.${name}`
      const found = given.get(key)
      if (found !== undefined) origins[key] = found.origin
      values[name] = found === undefined ? declaration.default : parseValue(key, declaration, found)
    }
    const reason = declared.contradiction?.(values)
    if (reason !== undefined) throw invalid(`${declared.group}: ${reason}`, { group: declared.group })
    loaded.set(declared.group, Object.freeze(values))
  }
  return { get: (declared) => valuesOf(loaded, declared), origins }
}

interface Given {
  readonly value: unknown
  readonly origin: string
}

function valuesOf<S extends SettingsShape>(
  loaded: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  declared: SettingsGroup<S>,
): ValuesOf<S> {
  const values = loaded.get(declared.group)
  if (values === undefined)
    throw new OrielError('internal', `settings group "${declared.group}" was not loaded`)
  return values as ValuesOf<S>
}

function collect(groups: readonly SettingsGroup[], sources: ConfigSources): ReadonlyMap<string, Given> {
  const keys = new Map<string, string>()
  for (const { group, settings } of groups) {
    for (const name of Object.keys(settings)) keys.set(environmentName(group, name), `${group}.${name}`)
  }
  const known = new Set(keys.values())
  const given = new Map<string, Given>()
  for (const [key, value] of fileEntries(groups, sources.file)) {
    given.set(key, { value, origin: sources.file?.path ?? 'file' })
  }
  for (const [name, value] of Object.entries(sources.environment ?? {})) {
    if (!name.startsWith('ORIEL_') || otherNames.test(name) || value === undefined) continue
    const key = keys.get(name)
    if (key === undefined) throw invalid(`unknown environment name ${name}${nearMissHint(name, keys.keys())}`)
    given.set(key, { value, origin: name })
  }
  for (const [key, value] of Object.entries(sources.overrides ?? {})) {
    if (!known.has(key)) throw invalid(`unknown setting "${key}"${nearMissHint(key, known)}`)
    if (value !== undefined) given.set(key, { value, origin: 'command line' })
  }
  return given
}

function fileEntries(groups: readonly SettingsGroup[], file: ConfigSources['file']): [string, unknown][] {
  if (file === undefined) return []
  const root = parseFile(file)
  const entries: [string, unknown][] = []
  for (const [group, value] of Object.entries(root)) {
    const declared = groups.find((candidate) => candidate.group === group)
    if (declared === undefined) {
      const hint = nearMissHint(
        group,
        groups.map((candidate) => candidate.group),
      )
      throw invalid(`unknown group "${group}" in ${file.path}${hint}`)
    }
    if (value === null) continue
    if (!isRecord(value)) throw invalid(`"${group}" in ${file.path} must hold settings by name`)
    for (const [name, item] of Object.entries(value)) {
      if (!Object.hasOwn(declared.settings, name)) {
        const hint = nearMissHint(name, Object.keys(declared.settings))
        throw invalid(`unknown setting "${group}.${name}" in ${file.path}${hint}`)
      }
      entries.push([`${group}.${name}`, item])
    }
  }
  return entries
}

function parseFile(file: { readonly path: string; readonly text: string }): Record<string, unknown> {
  let root: unknown
  try {
    root = parseYaml(file.text)
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    throw new OrielError('config_invalid', `${file.path} is not valid YAML: ${reason}`, { cause: error })
  }
  if (root === null || root === undefined) return {}
  if (!isRecord(root)) throw invalid(`${file.path} must hold groups of settings`)
  return root
}

function parseValue(key: string, declaration: Setting<unknown>, given: Given): unknown {
  try {
    return declaration.parse(given.value)
  } catch (error) {
    const shown = declaration.secret ? '[redacted]' : JSON.stringify(given.value)
    const rule = error instanceof Error ? error.message : String(error)
    throw invalid(`${key} ${rule}, but is ${shown} (from ${given.origin})`, { key, origin: given.origin })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(message: string, details: Readonly<Record<string, unknown>> = {}): OrielError {
  return new OrielError('config_invalid', message, { details })
}
