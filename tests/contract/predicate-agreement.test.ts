import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fieldToSql,
  type Predicate,
  type PredicateSqlOptions,
  parsePredicate,
  predicateToFunction,
  predicateToSql,
  printLiteral,
  printPredicate,
  SqlParameters,
  systemClock,
} from '@oriel/core'
import {
  nastyIntegers,
  nastyNumbers,
  nastyTexts,
  predicates,
  regularExpressions,
  type SampleEvent,
  sampleEvents,
  viewOf,
} from '@oriel/core/testing'
import { ChdbEngine, migrateTelemetry } from '@oriel/storage'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const seed = 20_260_101
const tenant = 'shop'
const limits = { timeMs: 60_000, memoryBytes: 1_000_000_000 }
const generated = fc.sample(sampleEvents, { seed, numRuns: 250 })
/** One event for each nasty value, in an attribute and, where it is a text, in the body. */
const nasty = [...nastyTexts, ...nastyNumbers, ...nastyIntegers, true, false].flatMap((value, index) => {
  const base = generated[index]
  if (base === undefined) return []
  const body = typeof value === 'string' ? value : ''
  return [{ ...base, fields: { ...base.fields, body }, attributes: { code: value } }]
})
const events = [...generated, ...nasty]

let directory = ''
let engine: ChdbEngine

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oriel-agreement-'))
  engine = new ChdbEngine({ directory: join(directory, 'db'), clock: systemClock, threads: 'unchecked' })
  await engine.start()
  await migrateTelemetry(engine)
  await insertEvents(events)
})

afterAll(async () => {
  await engine.stop()
  await rm(directory, { recursive: true, force: true })
})

describe('a predicate as SQL and as a function', () => {
  it('agree on every generated event', async () => {
    const asked = fc.sample(predicates, { seed, numRuns: 400 })
    const hits = await expectAgreement(asked.map(printPredicate))
    const all = asked.length * events.length
    expect(hits / all).toBeGreaterThan(0.1)
    expect(hits / all).toBeLessThan(0.9)
  })

  it('agree on every nasty value under every operator', async () => {
    const quoted = nastyTexts.map((text) =>
      printLiteral({ kind: 'string', value: text, position: { start: 0, end: 0 } }),
    )
    const numbers = [...nastyNumbers.filter(Number.isFinite), ...nastyIntegers].map(String)
    const texts = [
      ...[...quoted, ...numbers, 'true', 'false'].map((literal) => `attr.code = ${literal}`),
      ...[...quoted.filter((text) => !/^"(true|false)"$/.test(text)), ...numbers].map(
        (literal) => `attr.code < ${literal}`,
      ),
      ...quoted.map((literal) => `attr.code contains ${literal}`),
      ...quoted.map((literal) => `body >= ${literal}`),
      ...quoted.filter((literal) => literal !== '""'),
      ...regularExpressions.map(
        (pattern) => `attr.code =~ ${JSON.stringify(pattern)} or body =~ ${JSON.stringify(pattern)}`,
      ),
    ]
    expect(await expectAgreement(texts)).toBeGreaterThan(texts.length)
  })

  it('agree where the catalogue tells the type and place of a name', async () => {
    const parameters = new SqlParameters()
    const options: PredicateSqlOptions = {
      parameters,
      scopeOf: () => 'attribute',
      typesOf: () => ['number', 'boolean'],
    }
    const texts = [
      'code = 500',
      'code >= 500',
      'code =~ "^[5t]"',
      'code exists',
      'code in (true, 0, "x")',
      'code < a',
    ]
    const columns = texts.map((text) => `toUInt8(${predicateToSql(parsePredicate(text), options).sql})`)
    const { rows } = await engine.query<{ row_no: number; hits: number[] }>({
      sql: `SELECT row_no, [${columns.join(', ')}] AS hits FROM events ORDER BY row_no`,
      params: { ...parameters.values, tenant },
      lane: 'query',
      limits,
    })
    texts.forEach((text, column) => {
      const test = predicateToFunction(parsePredicate(text))
      events.forEach((event, row) => {
        const { code } = event.attributes
        const attributes: SampleEvent['attributes'] =
          code === undefined || typeof code === 'string' ? {} : { code }
        const expected = test(viewOf({ ...event, attributes, resource: {} }))
        expect({ text, row, hit: Number(rows[row]?.hits[column]) === 1 }).toEqual({
          text,
          row,
          hit: expected,
        })
      })
    })
  })

  it('sees nothing of another tenant through resources', async () => {
    const { sql, params } = predicateToSql(parsePredicate('resource.code exists'))
    const { rows } = await engine.query<{ n: string }>({
      sql: `SELECT count() AS n FROM events WHERE ${sql}`,
      params: { ...params, tenant: 'other' },
      lane: 'query',
      limits,
    })
    expect(Number(rows[0]?.n)).toBe(0)
  })
})

describe('fieldToSql', () => {
  const cases = ['code', 'attr.code', 'resource.code', 'service', 'duration', 'trace_id', 'root', 'time']
  it.each(cases)('groups by %s with NULL exactly where it is missing', async (name) => {
    const parameters = new SqlParameters()
    const { text, number, exists } = fieldToSql(name, { parameters })
    const { rows } = await engine.query<{ row_no: number; value: string | null; there: boolean | number }>({
      sql: `SELECT row_no, ${text} AS value, ${number ?? 'NULL'} AS number, ${exists} AS there FROM events ORDER BY row_no`,
      params: { ...parameters.values, tenant },
      lane: 'query',
      limits,
    })
    const there = new Set(matchingRows(`${name} exists`))
    expect(rows.filter((row) => row.value !== null).map((row) => Number(row.row_no))).toEqual([...there])
    expect(rows.filter((row) => Number(row.there) === 1).map((row) => Number(row.row_no))).toEqual([...there])
  })

  it('gives the value of a resource attribute and of exact integers', async () => {
    const parameters = new SqlParameters()
    const { text } = fieldToSql('resource.big', { parameters })
    const { rows } = await engine.query<{ value: string | null }>({
      sql: `SELECT ${text} AS value FROM events ORDER BY row_no`,
      params: { ...parameters.values, tenant },
      lane: 'query',
      limits,
    })
    events.forEach((event, row) => {
      const value = event.resource.big
      if (typeof value === 'bigint' || typeof value === 'string') expect(rows[row]?.value).toBe(String(value))
    })
  })
})

/** Returns how often any of them held. */
async function expectAgreement(texts: readonly string[]): Promise<number> {
  let hits = 0
  for (let index = 0; index < texts.length; index += 20) {
    const some = texts.slice(index, index + 20)
    const found = await evaluate(some.map(parsePredicate))
    some.forEach((text, column) => {
      const rows = matchingRows(text)
      hits += rows.length
      expect({ text, rows: found[column] }).toEqual({ text, rows })
    })
  }
  return hits
}

function matchingRows(text: string): number[] {
  const test = predicateToFunction(parsePredicate(text))
  return events.flatMap((event, row) => (test(viewOf(event)) ? [row] : []))
}

/** The rows each predicate finds, by one statement for all of them. */
async function evaluate(asked: readonly Predicate[]): Promise<number[][]> {
  const parameters = new SqlParameters()
  const columns = asked.map((predicate) => `toUInt8(${predicateToSql(predicate, { parameters }).sql})`)
  const { rows } = await engine.query<{ row_no: number; hits: number[] }>({
    sql: `SELECT row_no, [${columns.join(', ')}] AS hits FROM events WHERE tenant = {tenant:String} ORDER BY row_no`,
    params: { ...parameters.values, tenant },
    lane: 'query',
    limits,
  })
  return asked.map((_, column) =>
    rows.flatMap((row) => (Number(row.hits[column]) === 1 ? [Number(row.row_no)] : [])),
  )
}

async function insertEvents(all: readonly SampleEvent[]): Promise<void> {
  const eventFile = join(directory, 'events.ndjson')
  const resourceFile = join(directory, 'resources.ndjson')
  await writeFile(eventFile, all.map((event, row) => JSON.stringify(eventRow(event, row))).join('\n'))
  await writeFile(resourceFile, all.map((event, row) => JSON.stringify(resourceRow(event, row))).join('\n'))
  const maps =
    'attr_str Map(String, String), attr_num Map(String, String), attr_bool Map(String, Bool), attr_meta Map(String, String)'
  const mapValues = 'attr_str, mapApply((k, v) -> (k, toFloat64(v)), attr_num), attr_bool, attr_meta'
  const texts =
    'service, name, kind, status, status_message, severity_text, body, exception_type, exception_message, scope_name, scope_version, sample_reason'
  const textColumns = texts.replaceAll(',', ' String,')
  await engine.execute(
    `INSERT INTO events (tenant, row_no, resource_id, signal, time, duration_ns, trace_id, span_id, parent_span_id, severity, weight, ${texts}, attr_str, attr_num, attr_bool, attr_meta)
     SELECT '${tenant}', row_no, row_no, signal, fromUnixTimestamp64Nano(toInt64(time)), toUInt64(duration_ns),
       unhex(trace_id), unhex(span_id), unhex(parent_span_id), severity, weight, ${texts}, ${mapValues}
     FROM file('${eventFile}', JSONEachRow, 'row_no UInt32, signal String, time String, duration_ns String, trace_id String, span_id String, parent_span_id String, severity UInt8, weight Float64, ${textColumns} String, ${maps}')`,
  )
  await engine.execute(
    `INSERT INTO resources (tenant, day, resource_id, attr_str, attr_num, attr_bool, attr_meta)
     SELECT '${tenant}', '2026-01-01', row_no, ${mapValues} FROM file('${resourceFile}', JSONEachRow, 'row_no UInt32, ${maps}')`,
  )
}

function eventRow({ fields, attributes }: SampleEvent, row: number): Record<string, unknown> {
  const { duration, time, 'exception.type': type, 'exception.message': message, ...rest } = fields
  const { 'scope.name': scope, 'scope.version': version, ...plain } = rest
  return {
    ...plain,
    row_no: row,
    time: String(time),
    duration_ns: String(duration),
    exception_type: type,
    exception_message: message,
    scope_name: scope,
    scope_version: version,
    ...maps(attributes),
  }
}

function resourceRow({ resource }: SampleEvent, row: number): Record<string, unknown> {
  return { row_no: row, ...maps(resource) }
}

/** The columns as the decode workers fill them. */
function maps(attributes: SampleEvent['attributes']): Record<string, Record<string, string | boolean>> {
  const columns = { attr_str: {}, attr_num: {}, attr_bool: {}, attr_meta: {} } as Record<
    'attr_str' | 'attr_num' | 'attr_bool' | 'attr_meta',
    Record<string, string | boolean>
  >
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string') columns.attr_str[key] = value
    else if (typeof value === 'boolean') columns.attr_bool[key] = value
    else columns.attr_num[key] = Object.is(value, -0) ? '-0' : String(Number(value))
    if (typeof value === 'bigint') columns.attr_meta[key] = `int:${value}`
  }
  return columns
}
