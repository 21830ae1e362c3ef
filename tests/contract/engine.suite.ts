import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, systemClock, telemetryTables } from '@oriel/core'
import {
  applyRetention,
  type BlockInsert,
  type Engine,
  migrateTelemetry,
  storageSettings,
  tableColumns,
} from '@oriel/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nativeBlockOf, nativeString, uint64 } from './native-block.ts'

const limits = { timeMs: 20_000, memoryBytes: 500_000_000 }
const endless = 'SELECT max(sipHash64(number)) AS m FROM numbers(1000000000000)'

export interface EngineHarness {
  readonly engine: Engine
  /** Closes the engine and opens another on the same data. */
  reopen(): Promise<Engine>
  stop(): Promise<void>
}

/** The same cases on every engine. */
export function engineSuite(name: string, open: () => Promise<EngineHarness>): void {
  describe(name, () => {
    const directory = mkdtempSync(join(tmpdir(), 'oriel-blocks-'))
    let harness: EngineHarness
    let engine: Engine
    const query = async <Row>(sql: string, params: Record<string, unknown> = {}) =>
      await engine.query<Row>({ sql, params, lane: 'query', limits })

    beforeAll(async () => {
      harness = await open()
      engine = harness.engine
      await migrateTelemetry(engine)
    })
    afterAll(async () => {
      await harness.stop()
      rmSync(directory, { recursive: true, force: true })
    })

    describe('parameters', () => {
      const cases: readonly { readonly type: string; readonly value: unknown; readonly expect: unknown }[] = [
        ...[
          '',
          'plain',
          "it's",
          '\\n is not a line end',
          'line\nend\ttab\r\0nul',
          '\\',
          "\\' OR 1=1 --",
          '{x:String}',
          'é 😀 ﷽',
          '\\N',
          "'); DROP TABLE events; --",
        ].map((value) => ({ type: 'String', value, expect: value })),
        { type: 'Nullable(String)', value: null, expect: null },
        { type: 'UInt64', value: 2n ** 64n - 1n, expect: '18446744073709551615' },
        { type: 'Int64', value: -(2n ** 63n), expect: '-9223372036854775808' },
        { type: 'UInt64', value: '18446744073709551615', expect: '18446744073709551615' },
        { type: 'Float64', value: 1.5e-300, expect: 1.5e-300 },
        { type: 'Bool', value: true, expect: true },
        { type: 'DateTime64(3)', value: new Date(1_700_000_000_123), expect: '2023-11-14 22:13:20.123' },
        {
          type: 'DateTime64(9)',
          value: '2026-01-02 03:04:05.123456789',
          expect: '2026-01-02 03:04:05.123456789',
        },
        { type: 'Array(String)', value: ["a'b", '\\n', '', '\n'], expect: ["a'b", '\\n', '', '\n'] },
        { type: 'Array(UInt64)', value: [], expect: [] },
        { type: 'Array(Array(UInt64))', value: [[1], [2, 3]], expect: [['1'], ['2', '3']] },
        { type: 'Map(String, String)', value: { "k'": 'v\\' }, expect: { "k'": 'v\\' } },
      ]
      it.each(cases)('$type $value', async ({ type, value, expect: expected }) => {
        const { rows } = await query<{ v: unknown }>(`SELECT {v:${type}} AS v`, { v: value })
        expect(rows).toEqual([{ v: expected }])
      })

      it('refuses a query whose parameter is missing, also after one that had it', async () => {
        await query('SELECT {gone:String}', { gone: 'x' })
        await expect(query('SELECT {gone:String}')).rejects.toMatchObject({ name: 'OrielError' })
      })

      it('keeps the parameters of concurrent queries apart', async () => {
        const answers = await Promise.all(
          Array.from({ length: 24 }, (_, n) =>
            query<{ v: string }>('SELECT {v:String} AS v', { v: `value ${n}` }),
          ),
        )
        expect(answers.map(({ rows }) => rows[0]?.v)).toEqual(
          Array.from({ length: 24 }, (_, n) => `value ${n}`),
        )
      })
    })

    describe('answers', () => {
      it('gives types as the port says', async () => {
        const { rows } =
          await query(`SELECT toUInt64(1) AS whole, toInt32(2) AS small, toDateTime64(0, 9, 'UTC') AS instant,
          lower(hex(unhex('00ff'))) AS id, map('a', 1.5) AS numbers, CAST('x' AS Enum8('x' = 1)) AS choice,
          [toUInt64(7)] AS list, toLowCardinality('low') AS low, CAST(NULL AS Nullable(String)) AS none`)
        expect(rows).toEqual([
          {
            whole: '1',
            small: 2,
            instant: '1970-01-01 00:00:00.000000000',
            id: '00ff',
            numbers: { a: 1.5 },
            choice: 'x',
            list: ['7'],
            low: 'low',
            none: null,
          },
        ])
      })

      it('says what was read', async () => {
        const answer = await query('SELECT count() AS c FROM numbers(1000) WHERE number >= 0')
        expect(answer.rowsRead).toBe(1000)
        expect(answer.bytesRead).toBeGreaterThan(0)
        expect(answer.elapsedMs).toBeGreaterThan(0)
      })

      it('has no rows for an empty answer', async () => {
        expect((await query('SELECT 1 AS one WHERE 0')).rows).toEqual([])
      })

      it('is clean after a failed query', async () => {
        const bad = { sql: 'SELECT number FROM numbers(100000)', lane: 'internal' as const }
        await expect(engine.query({ ...bad, limits: { ...limits, resultRows: 10 } })).rejects.toThrow()
        const good = await engine.query({ sql: 'SELECT 1 AS one', lane: 'internal', limits })
        expect(good.rows).toEqual([{ one: 1 }])
      })

      it('does not leak the settings of one query into the next', async () => {
        const sql = "SELECT toString(getSetting('max_block_size')) AS size"
        const run = (settings: Record<string, number>) =>
          engine.query<{ size: string }>({ sql, lane: 'internal', limits, settings })
        const plain = await run({})
        expect((await run({ max_block_size: 77 })).rows).toEqual([{ size: '77' }])
        expect((await run({})).rows).toEqual(plain.rows)
      })
    })

    describe('limits', () => {
      const cases = [
        { sql: endless, limit: { timeMs: 300 }, code: 'query_timeout', setting: 'timeMs' },
        {
          sql: 'SELECT length(groupArray(number)) FROM numbers(100000000)',
          limit: { memoryBytes: 20_000_000 },
          code: 'query_memory',
          setting: 'memoryBytes',
        },
        {
          sql: 'SELECT number FROM numbers(1000)',
          limit: { resultRows: 999 },
          code: 'query_rows',
          setting: 'resultRows',
        },
        {
          sql: 'SELECT count() FROM numbers(100000) WHERE number > 5',
          limit: { readRows: 1000 },
          code: 'query_rows',
          setting: 'readRows',
        },
      ]
      it.each(cases)('$setting gives $code and its name', async ({ sql, limit, code, setting }) => {
        const failing = engine.query({ sql, lane: 'query', limits: { ...limits, ...limit } })
        await expect(failing).rejects.toMatchObject({ code, details: { setting } })
        await expect(failing).rejects.toThrow(`(${setting})`)
      })

      it('lets exactly the limit through', async () => {
        const { rows } = await engine.query({
          sql: 'SELECT number FROM numbers(1000)',
          lane: 'query',
          limits: { ...limits, resultRows: 1000 },
        })
        expect(rows.length).toBe(1000)
      })
    })

    describe('cancellation', () => {
      const running = async () => {
        const { rows } = await engine.query<{ c: string }>({
          sql: "SELECT count() AS c FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%processes%'",
          lane: 'internal',
          limits,
        })
        return Number(rows[0]?.c)
      }

      // Over HTTP a server lists a statement for a moment after it has answered; an endless one would be listed for ever.
      const gone = () => expect.poll(running, { timeout: 5000 }).toBe(0)

      it('stops the query in the engine before it rejects', async () => {
        const controller = new AbortController()
        const asked = engine.query({ sql: endless, lane: 'query', limits, signal: controller.signal })
        const outcome = asked.catch((error: unknown) => error)
        while ((await running()) === 0) await systemClock.sleep(10)
        controller.abort()
        expect(await outcome).toMatchObject({ code: 'query_cancelled' })
        await gone()
      })

      it('rejects at once when it was aborted before', async () => {
        const asked = engine.query({ sql: endless, lane: 'query', limits, signal: AbortSignal.abort() })
        await expect(asked).rejects.toMatchObject({ code: 'query_cancelled' })
      })

      it('stops all of many, also those that wait, and then serves', async () => {
        const controller = new AbortController()
        const asked = Array.from({ length: 8 }, () =>
          engine
            .query({ sql: endless, lane: 'query', limits, signal: controller.signal })
            .catch((error: unknown) => error),
        )
        while ((await running()) === 0) await systemClock.sleep(10)
        controller.abort()
        for (const outcome of await Promise.all(asked))
          expect(outcome).toMatchObject({ code: 'query_cancelled' })
        await gone()
        expect((await query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      })
    })

    describe('errors', () => {
      it.each([
        ['syntax', 'SELEC 1'],
        ['table', 'SELECT * FROM nowhere'],
        ['type', "SELECT toUInt8('x')"],
      ])('an error of %s is sql_refused and not retryable', async (_, sql) => {
        await expect(query(sql)).rejects.toMatchObject({ code: 'sql_refused', retryable: false })
      })
    })

    const columns = ['tenant', 'metric', 'series_id', 'time', 'value', 'bounds']
    const block = (tenant: string, values: readonly number[]) =>
      nativeBlock(tenant, values, 1_700_000_000_123_456_789n)
    const points = (tenant: string, overrides: Partial<BlockInsert> = {}): BlockInsert => ({
      table: 'metric_points',
      columns,
      source: { kind: 'bytes', chunks: [block(tenant, [1, 2]), block(tenant, [3])] },
      token: `token-${tenant}`,
      settings: {},
      ...overrides,
    })
    const stored = async (tenant: string) =>
      (
        await query<{ c: string; s: number }>(
          'SELECT count() AS c, sum(value) AS s FROM metric_points WHERE tenant = {tenant:String}',
          { tenant },
        )
      ).rows[0]

    describe('inserts', () => {
      it('stores blocks from memory with every value exact', async () => {
        await engine.insert(points('exact'))
        const { rows } = await query(
          "SELECT series_id, time, value, bounds, value_type FROM metric_points WHERE tenant = 'exact' ORDER BY value",
        )
        expect(rows).toEqual(
          [1, 2, 3].map((value) => ({
            series_id: '18446744073709551615',
            time: '2023-11-14 22:13:20.123456789',
            value,
            bounds: [0.5, value],
            value_type: 'none',
          })),
        )
      })

      it('stores the files of one insert as one part', async () => {
        const paths = ['a', 'b', 'c'].map((file, index) => {
          const path = join(directory, `${file} it's.native`)
          writeFileSync(path, block('files', [index + 1]))
          return path
        })
        await engine.insert(points('files', { source: { kind: 'files', paths } }))
        expect(await stored('files')).toEqual({ c: '3', s: 6 })
        const { rows } = await query(
          "SELECT uniqExact(_part) AS parts FROM metric_points WHERE tenant = 'files'",
        )
        expect(rows).toEqual([{ parts: '1' }])
      })

      it('stores files of several folders as one part', async () => {
        const paths = ['x/1', 'x/2', 'y/1'].map((file, index) => {
          const path = join(directory, file)
          mkdirSync(join(path, '..'), { recursive: true })
          writeFileSync(path, block('folders', [index + 1]))
          return path
        })
        await engine.insert(points('folders', { source: { kind: 'files', paths } }))
        await engine.insert(points('folders', { source: { kind: 'files', paths } }))
        expect(await stored('folders')).toEqual({ c: '3', s: 6 })
        const { rows } = await query(
          "SELECT uniqExact(_part) AS parts FROM metric_points WHERE tenant = 'folders'",
        )
        expect(rows).toEqual([{ parts: '1' }])
      })

      it('fails when a file is missing instead of storing the others', async () => {
        const path = join(directory, 'there.native')
        writeFileSync(path, block('missing', [1]))
        const source = { kind: 'files' as const, paths: [path, join(directory, 'absent.native')] }
        await expect(engine.insert(points('missing', { source }))).rejects.toMatchObject({ retryable: true })
        expect(await stored('missing')).toEqual({ c: '0', s: 0 })
      })

      it('stores the same token once, also with other threads and after reopening', async () => {
        await engine.insert(points('once'))
        await engine.insert(points('once'))
        await engine.insert(points('once', { settings: { max_threads: 4 } }))
        engine = await harness.reopen()
        await engine.insert(points('once'))
        expect(await stored('once')).toEqual({ c: '3', s: 6 })
        await engine.insert(points('once', { token: 'another' }))
        expect(await stored('once')).toEqual({ c: '6', s: 12 })
      })

      it('refuses a torn block for good and keeps nothing of it', async () => {
        const torn = block('torn', [1, 2]).subarray(0, -3)
        const insert = points('torn', { source: { kind: 'bytes', chunks: [torn] } })
        await expect(engine.insert(insert)).rejects.toMatchObject({ code: 'store_refused', retryable: false })
        expect(await stored('torn')).toEqual({ c: '0', s: 0 })
      })

      it('refuses a column that is not in the table', async () => {
        const insert = points('column', { columns: ['tenant', 'nonsense'] })
        await expect(engine.insert(insert)).rejects.toMatchObject({ code: 'store_refused' })
      })
    })

    describe('schema', () => {
      it('is applied once', async () => {
        expect(await migrateTelemetry(engine)).toEqual([])
      })

      it('refuses a file that changed after it was applied', async () => {
        const changed = [{ version: 1, name: '0001_spine.sql', checksum: 'other', statements: [] }]
        await expect(migrateTelemetry(engine, changed)).rejects.toThrow('has changed since it was applied')
      })

      it.each(telemetryTables)('%s has the columns that blocks are written with', async (table) => {
        const { rows } = await query<{ name: string; type: string }>(
          'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} ORDER BY position',
          { table },
        )
        expect(tableColumns(table).map(({ name, type }) => ({ name, type }))).toEqual(rows)
      })

      it('syncs the parts of every table', async () => {
        const { rows } = await query<{ name: string; ddl: string }>(
          "SELECT name, create_table_query AS ddl FROM system.tables WHERE database = currentDatabase() AND name != 'schema_migrations'",
        )
        expect(rows.map((row) => row.name).sort()).toEqual([...telemetryTables].sort())
        const wanted = [
          'fsync_after_insert = 1',
          'fsync_part_directory = 1',
          'min_rows_to_fsync_after_merge = 1',
        ]
        for (const { ddl } of rows) for (const part of wanted) expect(ddl).toContain(part)
      })

      it('sets the retention once and drops what is older', async () => {
        const retention = loadConfig([storageSettings]).get(storageSettings)
        expect(await applyRetention(engine, retention)).toEqual([...telemetryTables])
        expect(await applyRetention(engine, retention)).toEqual([])
        const longer = { ...retention, retentionLogsMs: 86_400_000 * 14 }
        expect(await applyRetention(engine, longer)).toEqual(['events', 'trace_index'])
        await engine.execute('OPTIMIZE TABLE metric_points FINAL')
        expect((await query('SELECT count() AS c FROM metric_points')).rows).toEqual([{ c: '0' }])
      })
    })
  })
}

/** A Native block of metric_points as a decode worker writes it. */
function nativeBlock(tenant: string, values: readonly number[], timeNs: bigint): Uint8Array {
  const each = <T>(make: (value: number) => T) => values.map(make)
  const doubles = (list: readonly number[]) => Buffer.from(new Float64Array(list).buffer)
  return nativeBlockOf(values.length, [
    ['tenant', 'String', Buffer.concat(each(() => nativeString(tenant)))],
    ['metric', 'String', Buffer.concat(each(() => nativeString('m')))],
    ['series_id', 'UInt64', Buffer.concat(each(() => uint64(2n ** 64n - 1n)))],
    ['time', 'DateTime64(9)', Buffer.concat(each(() => uint64(timeNs)))],
    ['value', 'Float64', doubles(values)],
    [
      'bounds',
      'Array(Float64)',
      Buffer.concat([
        ...values.map((_, index) => uint64(BigInt(2 * (index + 1)))),
        doubles(values.flatMap((value) => [0.5, value])),
      ]),
    ],
  ])
}
