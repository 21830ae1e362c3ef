import { loadConfig, systemClock } from '@oriel/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { querySettings } from '../config.ts'
import { type FixtureStore, startFixtureStore } from '../testing/index.ts'
import { Reader } from './reader.ts'
import { runSql } from './run-sql.ts'

let store: FixtureStore
let reader: Reader

beforeAll(async () => {
  store = await startFixtureStore()
  const settings = loadConfig([querySettings], {
    overrides: { 'query.sqlRowsMax': 5, 'query.timeMax': '3s' },
  }).get(querySettings)
  reader = new Reader({
    engine: store.engine,
    clock: systemClock,
    completeness: { completeThroughMs: () => 1 },
    settings,
  })
  const row = { signal: 'span', time: '2026-01-15 12:00:00', name: 'n', weight: 1 }
  await store.insert('events', [
    { ...row, tenant: 'a', service: 'mine' },
    { ...row, tenant: 'a', service: 'also mine' },
    { ...row, tenant: 'b', service: 'secret' },
  ])
}, 60_000)

afterAll(async () => {
  await store?.stop()
})

const run = (sql: string, tenant = 'a') => runSql(reader.open({ tenant, requestId: 'r' }), { sql })

describe('what works', () => {
  test.each([
    ['a count', 'SELECT count() AS c FROM events'],
    ['with', 'WITH mine AS (SELECT service FROM events) SELECT count() AS c FROM mine'],
    ['a subquery', 'SELECT count() AS c FROM (SELECT * FROM events WHERE name IN (SELECT name FROM events))'],
    ['a join', 'SELECT uniqExact(l.service) AS c FROM events AS l INNER JOIN events AS r ON l.name = r.name'],
    ['a comment and a final semicolon', 'SELECT count() AS c /* all */ FROM events -- end\n;'],
    ['union', 'SELECT sum(n) AS c FROM (SELECT 1 AS n FROM events UNION ALL SELECT 0 AS n FROM events)'],
    ['a scalar subquery', 'SELECT (SELECT count() FROM events) AS c'],
    [
      'group by, having, window',
      `SELECT c FROM (SELECT name, count() AS c, row_number() OVER (ORDER BY name) AS p FROM events GROUP BY name HAVING c > 0)`,
    ],
  ])('%s sees only its tenant', async (_, sql) => {
    expect((await run(sql)).rows.map((row) => Number(row[0]))).toEqual([2])
    expect((await run(sql, 'b')).rows.map((row) => Number(row[0]))).toEqual([1])
  })

  test('a tenant with quotes in its name is a text, not SQL', async () => {
    expect((await run('SELECT count() AS c FROM events', `a' OR '1'='1`)).rows).toEqual([['0']])
    expect((await run('SELECT count() AS c FROM events', `a\\' OR 1 = 1 OR tenant = \\'`)).rows).toEqual([
      ['0'],
    ])
  })

  test('a type that depends on data shows only its own', async () => {
    const answer = await run(`SELECT toFixedString('x', (SELECT count() FROM events)) AS c`)
    expect(answer.columns[0]?.type).toBe('Nullable(FixedString(2))')
  })

  test('rows beyond the limit are cut, and it is said', async () => {
    const answer = await run('SELECT arrayJoin(range(10)) AS n')
    expect(answer.rows).toHaveLength(5)
    expect(answer.meta.cuts[0]?.limit).toContain('query.sqlRowsMax')
  })
})

describe('every way around is refused', () => {
  test.each([
    ['file()', `SELECT * FROM file('/etc/passwd', LineAsString)`],
    ['url()', `SELECT * FROM url('http://127.0.0.1/', LineAsString)`],
    ['remote()', `SELECT * FROM remote('127.0.0.1', oriel.events)`],
    ['merge() around the tenant filter', `SELECT * FROM merge('oriel', 'events')`],
    ['merge() of another database', `SELECT * FROM merge(REGEXP('.*'), 'events')`],
    ['numbers() as any table function', 'SELECT * FROM numbers(1e12)'],
    ['s3()', `SELECT * FROM s3('http://x/y')`],
    ['executable()', `SELECT * FROM executable('x', TSV, 'a String')`],
    ['view()', 'SELECT * FROM view(SELECT * FROM events)'],
    ['values()', `SELECT * FROM values('a String', ('x'))`],
    ['a table function hidden in IN', `SELECT 1 IN file('/etc/passwd', LineAsString)`],
    ['a table named in IN', 'SELECT 1 IN system.one'],
    ['a table named in IN, in parentheses', 'SELECT 1 IN (events)'],
    ['INTO OUTFILE', `SELECT * FROM events INTO OUTFILE '/tmp/oriel-out'`],
    ['FORMAT', 'SELECT * FROM events FORMAT CSV'],
    ['SETTINGS over the limits', 'SELECT * FROM events SETTINGS max_execution_time = 0'],
    ['SETTINGS over the tenant filter', `SELECT * FROM events SETTINGS additional_table_filters = {}`],
    ['SETTINGS in a subquery', `SELECT * FROM (SELECT * FROM events SETTINGS additional_table_filters = {})`],
    ['SETTINGS in WITH', `WITH x AS (SELECT * FROM events SETTINGS readonly = 0) SELECT * FROM x`],
    ['several statements', 'SELECT 1; DROP TABLE events'],
    ['INSERT', 'INSERT INTO events (tenant) SELECT 1'],
    ['DROP', 'DROP TABLE events'],
    ['SET', 'SET readonly = 0'],
    ['SET ROLE', 'SET ROLE ALL'],
    ['EXPLAIN', 'EXPLAIN SELECT 1'],
    ['EXPLAIN in a subquery', 'SELECT * FROM (EXPLAIN SELECT 1)'],
    ['SHOW', 'SHOW TABLES'],
    ['SHOW in a subquery', 'SELECT * FROM (SHOW TABLES)'],
    ['KILL', `KILL QUERY WHERE 1`],
    ['SYSTEM', 'SYSTEM SHUTDOWN'],
    ['APPLY of file', 'SELECT * APPLY(file) FROM events'],
    ['APPLY of a lambda', `SELECT * APPLY(x -> file(x)) FROM events`],
    ['REPLACE', `SELECT * REPLACE (file('/etc/passwd') AS tenant) FROM events`],
    ['COLUMNS', `SELECT COLUMNS('.*') APPLY(file) FROM events`],
    ['the function file', `SELECT file('/etc/passwd')`],
    ['a system table', 'SELECT * FROM system.tables'],
    ['information_schema', 'SELECT * FROM information_schema.tables'],
    ['a database named', 'SELECT * FROM oriel.events'],
    ['a table of ours that is not telemetry', 'SELECT * FROM schema_migrations'],
    ['a table behind a WITH of another name', 'WITH x AS (SELECT 1) SELECT * FROM schema_migrations'],
    ['dictGet', `SELECT dictGet('a', 'b', 1)`],
    ['joinGet', `SELECT joinGet('a', 'b', 1)`],
    ['dictionary()', `SELECT * FROM dictionary('a')`],
    ['sleep', 'SELECT sleepEachRow(3) FROM events'],
    ['getSetting', `SELECT getSetting('max_memory_usage')`],
    ['the name of the host', 'SELECT hostName()'],
    ['a combinator of a function not listed', `SELECT groupConcatIf(service, 1) FROM events`],
    ['catboost', `SELECT catboostEvaluate('/x', 1)`],
    ['a query parameter', 'SELECT {tenant:Identifier}'],
    ['a closing parenthesis', 'SELECT 1) UNION ALL (SELECT * FROM system.one'],
    ['a forged line of the tree', 'SELECT 1 AS `x\\nLiteral`'],
    ['nothing', ''],
  ])('%s', async (_, sql) => {
    await expect(run(sql)).rejects.toMatchObject({ code: 'sql_refused' })
  })
})

test('a query that never ends meets the time limit', async () => {
  await expect(
    run(
      'SELECT count() AS c FROM (SELECT arrayJoin(range(1000000)) AS a) AS l, (SELECT arrayJoin(range(1000000)) AS b) AS r WHERE sipHash64(a, b) = 1',
    ),
  ).rejects.toMatchObject({ code: /query_timeout|query_memory|query_rows/ })
}, 20_000)
