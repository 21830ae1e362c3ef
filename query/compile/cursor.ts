import { OrielError } from '@oriel/core'

/** Where a page ended, and the snapshot all pages share. */
export interface PageKey {
  readonly timeNs: string
  readonly blockId: string
  readonly rowNo: number
}

export interface SearchCursor {
  /** Later pages show only rows received before this instant, so what arrives meanwhile moves nothing. */
  readonly receivedBeforeMs: number
  /** The range of the first page, resolved: `now-1h` must not slide between pages. */
  readonly fromMs: number
  readonly toMs: number
  readonly order: 'newest' | 'oldest'
  /** Digest of what was asked; a cursor belongs to one question. */
  readonly question: string
  readonly last: PageKey
}

const version = 1

export function encodeCursor(cursor: SearchCursor): string {
  const { last } = cursor
  const fields = [
    version,
    cursor.receivedBeforeMs,
    cursor.fromMs,
    cursor.toMs,
    cursor.order,
    cursor.question,
    last.timeNs,
    last.blockId,
    last.rowNo,
  ]
  return Buffer.from(JSON.stringify(fields)).toString('base64url')
}

/** Throws invalid_argument for what is not a cursor of ours, cursor_expired for one of another version. */
export function decodeCursor(text: string): SearchCursor {
  const fields = parseFields(text)
  if (fields[0] !== version) {
    throw new OrielError('cursor_expired', `cursor version ${String(fields[0])} is not ${version}`)
  }
  const [, receivedBeforeMs, fromMs, toMs, order, question, timeNs, blockId, rowNo] = fields
  const sound =
    [receivedBeforeMs, fromMs, toMs, rowNo].every((value) => Number.isSafeInteger(value)) &&
    (order === 'newest' || order === 'oldest') &&
    typeof question === 'string' &&
    [timeNs, blockId].every((value) => typeof value === 'string' && /^\d{1,20}$/.test(value))
  if (!sound) throw malformed()
  return {
    receivedBeforeMs: Number(receivedBeforeMs),
    fromMs: Number(fromMs),
    toMs: Number(toMs),
    order,
    question,
    last: { timeNs: String(timeNs), blockId: String(blockId), rowNo: Number(rowNo) },
  }
}

function parseFields(text: string): readonly unknown[] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (Array.isArray(fields) && fields.length === 9) return fields
  } catch {
    // said below, the same for every kind of rubbish
  }
  throw malformed()
}

function malformed(): OrielError {
  return new OrielError(
    'invalid_argument',
    'cursor is not one of ours; take nextCursor from the answer before',
  )
}
