import { systemClock } from '@oriel/core'
import { type Engine, newestFirst, textSearchExpressions } from '@oriel/storage'
import { benchTenant, type Dataset, type DatasetOptions, openDataset } from './dataset.ts'

const limits = { timeMs: 60_000, memoryBytes: 2_000_000_000 }
const rounds = 20

type Params = Readonly<Record<string, unknown>>

/** The questions of the page on a full set, 20 of each with other values; SQL as query/compile sends it. */
export async function run(options: DatasetOptions): Promise<Record<string, number>> {
  const dataset = await openDataset(options)
  const { engine, spans, startMs } = dataset
  try {
    const range = {
      tenant: benchTenant,
      from: String(startMs * 1e6),
      to: String((startMs + 86_400_000) * 1e6),
    }
    return {
      spans,
      trace_by_id_p95_ms: await percentile95(await traceById(dataset)),
      attribute_search_p95_ms: await percentile95((round) =>
        ask(engine, attributeSearch, { ...range, key: nthKey(round), value: nthValue(round) }),
      ),
      group_by_p95_ms: await percentile95((round) => ask(engine, groupBy, { ...range, key: nthKey(round) })),
      text_search_p95_ms: await percentile95((round) =>
        ask(engine, textSearch, { ...range, words: (10_000 + round * 777).toString(16) }),
      ),
      red_p95_ms: await percentile95(() => ask(engine, red, range)),
      autocomplete_p95_ms: await percentile95((round) =>
        ask(engine, autocomplete, { ...range, key: nthKey(round), prefix: 'value-0' }),
      ),
    }
  } finally {
    await engine.stop()
  }
}

const within = `tenant = {tenant:String} AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
    AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')`

const attributeSearch = `SELECT time, hex(trace_id), hex(span_id), service, name, kind, status, duration_ns, attr_str
FROM events WHERE ${within} AND signal = 'span' AND attr_str[{key:String}] = {value:String}
ORDER BY ${newestFirst} LIMIT 50`

const groupBy = `SELECT attr_str[{key:String}] AS value, sum(weight) AS count FROM events
WHERE ${within} AND signal = 'span' GROUP BY value ORDER BY count DESC LIMIT 100`

const anyText = textSearchExpressions.map((text) => `hasAllTokens(${text}, {words:String})`).join(' OR ')
const textSearch = `SELECT time, service, severity_text, body FROM events
WHERE ${within} AND signal = 'log' AND (${anyText}) ORDER BY ${newestFirst} LIMIT 50`

const inMinutes = `tenant = {tenant:String} AND minute >= toDateTime(intDiv({from:Int64}, 1000000000), 'UTC')
    AND minute < toDateTime(intDiv({to:Int64}, 1000000000), 'UTC')`
const red = `SELECT service, sum(weight) AS count, sum(error_weight) AS errors, sumMap(duration_buckets) AS buckets
FROM red_minute WHERE ${inMinutes} AND signal = 'span' GROUP BY service`

const autocomplete = `SELECT value, sum(rows) AS count FROM attribute_catalogue
WHERE tenant = {tenant:String} AND hour >= toDateTime(intDiv({from:Int64}, 1000000000), 'UTC')
    AND hour < toDateTime(intDiv({to:Int64}, 1000000000), 'UTC')
    AND key = {key:String} AND startsWith(value, {prefix:String}) GROUP BY value ORDER BY count DESC LIMIT 20`

const bounds = `SELECT min(start) AS first, max(end) AS last FROM trace_index
WHERE tenant = {tenant:String} AND trace_id = unhex({trace:String})`

const trace = `SELECT * FROM events WHERE tenant = {tenant:String}
    AND toStartOfFiveMinutes(time) >= toStartOfFiveMinutes({first:DateTime64(9)})
    AND time >= {first:DateTime64(9)} AND time <= {last:DateTime64(9)} AND trace_id = unhex({trace:String})
ORDER BY time LIMIT 10000`

async function ask(engine: Engine, sql: string, params: Params): Promise<number> {
  const { rows } = await engine.query({ sql, params, lane: 'query', limits })
  return rows.length
}

/** Ids are looked up first, so that only the reading of the trace is measured. */
async function traceById({ engine, spans }: Dataset): Promise<(round: number) => Promise<number>> {
  const numbers = Array.from({ length: rounds }, (_, round) =>
    Math.floor((spans / 10) * ((round * 0.618) % 1)),
  )
  const { rows: ids } = await engine.query<{ readonly id: string }>({
    sql: 'SELECT hex(sipHash128(arrayJoin({numbers:Array(UInt64)}))) AS id',
    params: { numbers },
    lane: 'internal',
    limits,
  })
  return async (round) => {
    const params = { tenant: benchTenant, trace: ids[round]?.id ?? '' }
    const { rows } = await engine.query<Params>({ sql: bounds, params, lane: 'query', limits })
    const answered = await ask(engine, trace, { ...params, ...rows[0] })
    if (answered < 10) throw new Error(`trace ${params.trace} has ${answered} spans, not 10`)
    return answered
  }
}

/** 95th percentile of the rounds in milliseconds. A question that finds nothing measures nothing, so it fails. */
async function percentile95(question: (round: number) => Promise<number>): Promise<number> {
  const elapsed: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = systemClock.monotonicMs()
    const rows = await question(round)
    if (rows === 0) throw new Error(`round ${round} found nothing`)
    elapsed.push(systemClock.monotonicMs() - startedMs)
  }
  elapsed.sort((a, b) => a - b)
  return Math.round((elapsed[Math.ceil(rounds * 0.95) - 1] ?? 0) * 10) / 10
}

const nthKey = (round: number) => `key.${String((36 + round * 9) % 97).padStart(2, '0')}`
const nthValue = (round: number) => `value-${String((84 + round * 37) % 1000).padStart(3, '0')}`
