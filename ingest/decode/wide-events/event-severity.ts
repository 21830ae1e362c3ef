/** Least severity number of each level's range in the OpenTelemetry logs data model, by the names loggers use. */
const levels: Readonly<Record<string, number>> = {
  trace: 1,
  verbose: 1,
  debug: 5,
  info: 9,
  information: 9,
  notice: 10,
  warn: 13,
  warning: 13,
  error: 17,
  err: 17,
  critical: 18,
  crit: 18,
  alert: 19,
  fatal: 21,
  emergency: 21,
  panic: 21,
}

/** 0 when the name is not known. */
export function severityOfName(name: string): number {
  return levels[name.toLowerCase()] ?? 0
}
