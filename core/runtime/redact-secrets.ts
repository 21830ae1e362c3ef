const secretName =
  /authorization|password|passwd|secret|(^|[._-])token$|bearer|api[._-]?key|cookie|credential|private[._-]?key/i
const secretInText: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, '$1:[redacted]@'],
]
const depthMax = 6

/** A copy that is safe to log: values under secret-looking names, bearer tokens and passwords in URLs are replaced. */
export function redactSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error) return describeError(value, depth)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= depthMax) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redactSecrets(item, depth + 1))
  const copy: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) {
    copy[name] = secretName.test(name) ? '[redacted]' : redactSecrets(item, depth + 1)
  }
  return copy
}

function redactText(text: string): string {
  return secretInText.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), text)
}

function describeError(error: Error, depth: number): unknown {
  if (depth >= depthMax) return '[too deep]'
  const { name, message, stack, cause } = error
  const code = 'code' in error ? { code: error.code } : {}
  const causes = cause === undefined ? {} : { cause: redactSecrets(cause, depth + 1) }
  return { name, ...code, message: redactText(message), stack: redactText(stack ?? ''), ...causes }
}
