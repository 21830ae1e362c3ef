import { OrielError } from '@oriel/core'
import type { DecodeContext } from '../decode-context.ts'
import type { DecodeOutcome } from '../decode-pool.ts'
import { Envelope } from '../envelope.ts'
import { JsonReader } from '../json/json-reader.ts'
import { ProtobufWriter } from '../json/protobuf-writer.ts'
import { DecodeNotes } from '../notes.ts'
import { RecordWriter } from '../record-writer.ts'
import { WireReader } from '../wire/wire-reader.ts'
import { EventReader } from './event-reader.ts'
import { EventWriter } from './event-writer.ts'

const lineFeed = 0x0a
/** Bad events are all counted, and this many of them explained. */
const explainedMax = 5
/** A long name is repeated for every member under it; an ordinary event takes less than twice its JSON. */
const unfoldFactor = 8

/**
 * POST /v1/events: one JSON object, an array of objects, or one object per line (NDJSON). A line or element that is wrong is
 * rejected alone, with its number in the message; a document that is not JSON is refused whole.
 */
export function decodeWideEvents(input: Uint8Array, context: DecodeContext): DecodeOutcome {
  const writer = new ProtobufWriter(input.byteLength, 65_536 + unfoldFactor * input.byteLength)
  const problems = readEvents(input, writer)
  const notes = new DecodeNotes('event')
  const reader = new WireReader(writer.result())
  const records = new RecordWriter(reader, context, notes)
  const events = new EventReader(records)
  new Envelope(reader, context, {
    resource: (resource) => records.resource(resource),
    scope: (scope) => records.scope(scope),
    item: (end) => events.read(end),
  }).read()
  const counted = notes.message(context.limits.valueBytesMax)
  const message = [explain(problems), counted].filter((part) => part !== '').join('; ')
  return { accepted: notes.accepted, rejected: notes.rejected + problems.length, message }
}

function explain(problems: readonly string[]): string {
  if (problems.length === 0) return ''
  const shown = problems.slice(0, explainedMax).join(', ')
  const rest = problems.length > explainedMax ? `, and ${problems.length - explainedMax} more` : ''
  return `${problems.length} event${problems.length === 1 ? '' : 's'} rejected: ${shown}${rest}`
}

function readEvents(input: Uint8Array, writer: ProtobufWriter): readonly string[] {
  const reader = new JsonReader(input)
  const first = reader.peek()
  if (first < 0) reader.fail('the body is empty')
  if (first === 0x5b) return readArray(reader, writer)
  if (first !== 0x7b) reader.failExpected('an object, an array of objects, or one object per line')
  if (isLines(reader.source.subarray(reader.position))) return readLines(input, writer)
  new EventWriter(reader, writer).write()
  reader.finish()
  return []
}

/** More than one line with content, of which the first is closed where it ends: pretty-printed JSON is not. */
function isLines(text: Buffer): boolean {
  const lineEnd = text.indexOf(lineFeed)
  if (lineEnd < 0 || text.subarray(lineEnd).toString('latin1').trim() === '') return false
  if (text.toString('latin1', 0, lineEnd).trimEnd().endsWith('}')) return true
  return accepts(text.subarray(0, lineEnd))
}

function accepts(text: Buffer): boolean {
  try {
    const reader = new JsonReader(text)
    reader.skip()
    reader.finish()
    return true
  } catch {
    return false
  }
}

function readLines(input: Uint8Array, writer: ProtobufWriter): readonly string[] {
  const problems: string[] = []
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
  let start = 0
  for (let line = 1; start < text.length; line++) {
    const found = text.indexOf(lineFeed, start)
    const end = found < 0 ? text.length : found
    const reader = new JsonReader(text.subarray(start, end))
    start = end + 1
    if (reader.peek() < 0) continue
    const problem = attempt(writer, () => {
      new EventWriter(reader, writer).write()
      reader.finish()
    })
    if (problem !== undefined) problems.push(`line ${line}: ${problem}`)
  }
  return problems
}

/** Elements are checked as JSON first, so that what remains to fail is the event and not the document. */
function readArray(reader: JsonReader, writer: ProtobufWriter): readonly string[] {
  const problems: string[] = []
  if (reader.open(0x5b)) {
    let index = 0
    do {
      reader.peek()
      const start = reader.position
      reader.skip()
      const element = new JsonReader(reader.source.subarray(start, reader.position))
      const problem = attempt(writer, () => new EventWriter(element, writer).write())
      if (problem !== undefined) problems.push(`element ${index}: ${problem}`)
      index++
    } while (reader.more(0x5b))
  }
  reader.finish()
  return problems
}

/** Runs it; a malformed event leaves nothing in the writer and its problem is returned. */
function attempt(writer: ProtobufWriter, run: () => void): string | undefined {
  const { length } = writer
  try {
    run()
    return undefined
  } catch (error) {
    if (!(error instanceof OrielError) || error.code !== 'malformed') throw error
    writer.length = length
    return error.message
  }
}
