import { OrielError } from '@oriel/core'

export interface Answer<Row> {
  readonly rows: readonly Row[]
  readonly rowsRead: number
  readonly bytesRead: number
}

interface JsonCompact {
  readonly meta: readonly { readonly name: string }[]
  readonly data: readonly (readonly unknown[])[]
  readonly statistics?: { readonly rows_read: number; readonly bytes_read: number }
}

/** Reads format JSONCompact into one object per row. A statement without an answer has no rows. */
export function parseAnswer<Row>(text: string): Answer<Row> {
  if (text.trim() === '') return { rows: [], rowsRead: 0, bytesRead: 0 }
  let parsed: JsonCompact
  try {
    parsed = JSON.parse(text) as JsonCompact
  } catch (error) {
    throw new OrielError('internal', 'the answer of the telemetry store is not JSON', { cause: error })
  }
  const names = parsed.meta.map((column) => column.name)
  const rows = parsed.data.map((values) => {
    const row: Record<string, unknown> = {}
    for (const [index, name] of names.entries()) row[name] = values[index]
    return row as Row
  })
  return {
    rows,
    rowsRead: parsed.statistics?.rows_read ?? 0,
    bytesRead: parsed.statistics?.bytes_read ?? 0,
  }
}
