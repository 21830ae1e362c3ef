import type { Clock } from './clock.ts'
import { redactSecrets } from './redact-secrets.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]
export type LogFields = Readonly<Record<string, unknown>>

/** One JSON object per line; secrets are redacted before anything is written. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same logger with fields added to every line. */
  with(fields: LogFields): Logger
}

export interface LoggerOptions {
  readonly clock: Clock
  readonly level?: LogLevel
  /** Takes one line with its line feed; default: standard error. */
  readonly write?: (line: string) => void
}

export function createLogger(options: LoggerOptions, fields: LogFields = {}): Logger {
  const { clock, level = 'info', write = writeToStderr } = options
  const least = logLevels.indexOf(level)
  const log =
    (at: LogLevel) =>
    (message: string, more: LogFields = {}) => {
      if (logLevels.indexOf(at) < least) return
      const time = new Date(clock.nowMs()).toISOString()
      write(`${toJson({ ...fields, ...more, time, level: at, message })}\n`)
    }
  return {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    with: (more) => createLogger(options, { ...fields, ...more }),
  }
}

/** For parts that are built without one: says nothing. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLogger,
}

function toJson(line: Record<string, unknown>): string {
  const { time, level, message, ...rest } = line
  return JSON.stringify(redactSecrets({ time, level, message, ...rest }))
}

function writeToStderr(line: string): void {
  process.stderr.write(line)
}
