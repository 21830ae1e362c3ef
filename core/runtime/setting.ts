import { nearMissHint } from './near-miss.ts'

export type SettingKind =
  | 'string'
  | 'integer'
  | 'bytes'
  | 'durationMs'
  | 'boolean'
  | 'enumeration'
  | 'stringList'

/** One declared setting: everything about it in one place. `parse` throws a plain Error with the rule it breaks. */
export interface Setting<T> {
  readonly kind: SettingKind
  readonly default: T
  readonly doc: string
  readonly unit?: string
  readonly min?: number
  readonly max?: number
  readonly values?: readonly string[]
  /** Never printed in logs, errors or the reference page's examples. */
  readonly secret: boolean
  /** Takes what YAML, the environment (text) or a caller gave. */
  parse(given: unknown): T
}

interface Described<T> {
  readonly default: T
  readonly doc: string
}
interface Ranged extends Described<number> {
  readonly min: number
  readonly max: number
}

/** Constructors of settings, one per kind. Bytes and durations take numbers or text with a unit: `64MiB`, `200ms`. */
export const setting = {
  string: (options: Described<string> & { readonly secret?: boolean }): Setting<string> => ({
    ...options,
    kind: 'string',
    secret: options.secret ?? false,
    parse: parseString,
  }),
  integer: (options: Ranged & { readonly unit?: string }): Setting<number> => ({
    ...options,
    kind: 'integer',
    secret: false,
    parse: (given) => inRange(parseInteger(given), options, String),
  }),
  bytes: (options: Ranged): Setting<number> => ({
    ...options,
    kind: 'bytes',
    unit: 'bytes',
    secret: false,
    parse: (given) => inRange(parseWithUnit(given, bytesUnits), options, formatBytes),
  }),
  durationMs: (options: Ranged): Setting<number> => ({
    ...options,
    kind: 'durationMs',
    unit: 'ms',
    secret: false,
    parse: (given) => inRange(parseWithUnit(given, durationUnits), options, formatDurationMs),
  }),
  boolean: (options: Described<boolean>): Setting<boolean> => ({
    ...options,
    kind: 'boolean',
    secret: false,
    parse: parseBoolean,
  }),
  enumeration: <const V extends string>(
    options: Described<NoInfer<V>> & { readonly values: readonly V[] },
  ): Setting<V> => ({
    ...options,
    kind: 'enumeration',
    secret: false,
    parse: (given) => parseEnumeration(given, options.values),
  }),
  stringList: (options: Described<readonly string[]>): Setting<readonly string[]> => ({
    ...options,
    kind: 'stringList',
    secret: false,
    parse: parseStringList,
  }),
} as const

const bytesUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}
const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

export const formatBytes = (bytes: number): string => withLargestUnit(bytes, bytesUnits)
export const formatDurationMs = (durationMs: number): string => withLargestUnit(durationMs, durationUnits)

function withLargestUnit(value: number, units: Readonly<Record<string, number>>): string {
  let text = ''
  for (const [unit, size] of Object.entries(units)) {
    if (text === '' || (value !== 0 && value % size === 0)) text = `${value / size}${unit}`
  }
  return text
}

function parseString(given: unknown): string {
  if (typeof given === 'string') return given
  if (typeof given === 'number' || typeof given === 'boolean') return String(given)
  throw new Error('must be text')
}

function parseInteger(given: unknown): number {
  const value =
    typeof given === 'string' && /^-?\d[\d_]*$/.test(given) ? Number(given.replaceAll('_', '')) : given
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Error('must be an integer')
  return value
}

function parseWithUnit(given: unknown, units: Readonly<Record<string, number>>): number {
  if (typeof given === 'number' && Number.isSafeInteger(given)) return given
  const match = typeof given === 'string' ? /^(\d+(?:\.\d+)?) ?([a-zA-Z]*)$/.exec(given.trim()) : null
  const [first = '', ...others] = Object.keys(units)
  const size = match === null ? undefined : units[match[2] === '' ? first : (match[2] ?? '')]
  if (match === null || size === undefined) {
    throw new Error(`must be a number with one of the units ${[first, ...others].join(', ')}`)
  }
  const value = Number(match[1]) * size
  if (!Number.isSafeInteger(value)) throw new Error(`must be a whole number of ${first}`)
  return value
}

function parseBoolean(given: unknown): boolean {
  if (given === true || given === 'true') return true
  if (given === false || given === 'false') return false
  throw new Error('must be true or false')
}

function parseEnumeration<V extends string>(given: unknown, values: readonly V[]): V {
  const found = values.find((value) => value === given)
  if (found !== undefined) return found
  throw new Error(`must be one of ${values.join(', ')}${nearMissHint(String(given), values)}`)
}

function parseStringList(given: unknown): readonly string[] {
  if (typeof given === 'string') {
    return given
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  }
  if (Array.isArray(given) && given.every((item) => typeof item === 'string')) return given
  throw new Error('must be a list of texts, or one text with commas')
}

function inRange(value: number, range: Ranged, format: (value: number) => string): number {
  if (value < range.min) throw new Error(`is below the minimum ${format(range.min)}`)
  if (value > range.max) throw new Error(`exceeds the maximum ${format(range.max)}`)
  return value
}
