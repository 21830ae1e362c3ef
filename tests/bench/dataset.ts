import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'
import { ChdbEngine, migrateTelemetry, schemaChecksum } from '@oriel/storage'

/** The generated set: traces of 10 spans, 11 attributes a span out of 97 keys with 1,000 values each, and as many log records. */
export interface DatasetOptions {
  /** By default under the system's temporary folder. Kept between runs; made anew when its size, its schema or its age does not fit. */
  readonly directory?: string
  readonly spans: number
  readonly report?: (line: string) => void
}

export interface Dataset {
  readonly engine: ChdbEngine
  readonly spans: number
  /** The set covers [startMs, startMs + one day). */
  readonly startMs: number
}

interface Marker {
  readonly schema: string
  readonly spans: number
  readonly startMs: number
}

const chunk = 1_000_000
const dayMs = 86_400_000
/** Retention must not drop the set while it is measured. */
const ageMaxMs = 5 * dayMs
export const benchTenant = 'default'

/** Opens the set, generating it first when needed. The caller stops the engine. */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  const { spans, report = () => {} } = options
  const directory = join(options.directory ?? join(tmpdir(), 'oriel-bench'), `dataset-${spans}`)
  const markerPath = join(directory, 'dataset.json')
  const marker = await readMarker(markerPath)
  const fresh =
    marker !== undefined &&
    marker.spans === spans &&
    marker.schema === schemaChecksum() &&
    systemClock.nowMs() - marker.startMs < ageMaxMs
  if (!fresh) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const engine = new ChdbEngine({
    directory: join(directory, 'telemetry'),
    clock: systemClock,
    threads: 'unchecked',
    memoryBytesMax: 4 * 2 ** 30,
  })
  await engine.start()
  await migrateTelemetry(engine)
  if (fresh) return { engine, ...marker }
  const startMs = Math.floor(systemClock.nowMs() / dayMs) * dayMs - dayMs
  await generate(engine, { spans, startMs }, report)
  await writeFile(markerPath, JSON.stringify({ schema: schemaChecksum(), spans, startMs }))
  return { engine, spans, startMs }
}

async function readMarker(path: string): Promise<Marker | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Marker)
}

async function generate(
  engine: ChdbEngine,
  marker: Omit<Marker, 'schema'>,
  report: (line: string) => void,
): Promise<void> {
  const { spans, startMs } = marker
  const startedMs = systemClock.monotonicMs()
  for (let offset = 0; offset < spans; offset += chunk) {
    const params = {
      offset,
      count: Math.min(chunk, spans - offset),
      spans,
      start: startMs,
      tenant: benchTenant,
    }
    await engine.execute(spanRows, params)
    await engine.execute(logRows, params)
    const seconds = Math.round((systemClock.monotonicMs() - startedMs) / 1000)
    report(`generated ${Math.min(offset + chunk, spans)} of ${spans} spans and logs in ${seconds} s`)
  }
  for (const sql of derivedRows) await engine.execute(sql, { tenant: benchTenant, start: startMs })
  for (const table of ['events', 'trace_index', 'red_minute', 'attribute_catalogue']) {
    await engine.execute(`OPTIMIZE TABLE ${table} FINAL`)
  }
}

const spanRows = `INSERT INTO events
    (tenant, signal, time, ingest_time, service, name, kind, status, duration_ns, trace_id, span_id, parent_span_id,
     exception_type, exception_message, resource_id, scope_name, attr_str, weight, sample_reason, block_id, row_no)
WITH
    intDiv(number, 10) AS trace,
    number % 10 AS position,
    cityHash64(trace, position) AS chance,
    cityHash64(trace) AS trace_chance,
    fromUnixTimestamp64Nano(toInt64({start:Int64} * 1000000 + intDiv(trace * 10 * 86400000000000, {spans:UInt64})
        + position * 3000000 + chance % 1000000), 'UTC') AS began
SELECT
    {tenant:String}, 'span', began, began + INTERVAL 1 SECOND,
    concat('service-', leftPad(toString((trace_chance + position * 7) % 20), 2, '0')),
    concat('operation-', leftPad(toString(chance % 40), 3, '0')),
    if(position = 0, 'server', 'client'),
    if(chance % 100 = 0, 'error', 'unset'),
    1000000 + toUInt64(exp(randCanonical(number) * 6) * 1000000),
    reinterpretAsFixedString(sipHash128(trace)),
    reinterpretAsFixedString(sipHash64(number)),
    if(position = 0, toFixedString('', 8), reinterpretAsFixedString(sipHash64(number - 1))),
    if(chance % 100 = 0, 'TimeoutError', ''),
    if(chance % 100 = 0, concat('upstream payment-', toString(chance % 500), ' did not answer'), ''),
    trace_chance % 20, 'bench',
    CAST((
        arrayMap(i -> concat('key.', leftPad(toString((chance + i * 9) % 97), 2, '0')), range(11)),
        arrayMap(i -> concat('value-', leftPad(toString(cityHash64(number, i) % 1000), 3, '0')), range(11))
    ), 'Map(LowCardinality(String), String)'),
    1, '', 1 + {offset:UInt64}, toUInt32(number - {offset:UInt64})
FROM numbers({offset:UInt64}, {count:UInt64})`

const logWords = `['payment', 'accepted', 'for', 'customer', 'order', 'shipped', 'cart', 'emptied', 'retry', 'after', 'timeout',
    'connection', 'reset', 'by', 'peer', 'cache', 'miss', 'in', 'region', 'warehouse', 'stock', 'reserved', 'invoice', 'sent',
    'token', 'refreshed', 'session', 'expired', 'queue', 'drained', 'worker', 'started']`

const logRows = `INSERT INTO events
    (tenant, signal, time, ingest_time, service, name, severity, severity_text, body, trace_id, resource_id, attr_str, weight,
     block_id, row_no)
WITH
    cityHash64(number, 'log') AS chance,
    fromUnixTimestamp64Nano(toInt64({start:Int64} * 1000000 + intDiv(number * 86400000000000, {spans:UInt64})), 'UTC') AS began,
    ${logWords} AS words
SELECT
    {tenant:String}, 'log', began, began + INTERVAL 1 SECOND,
    concat('service-', leftPad(toString(chance % 20), 2, '0')), '',
    if(chance % 50 = 0, 17, 9), if(chance % 50 = 0, 'ERROR', 'INFO'),
    concat(arrayStringConcat(arrayMap(i -> words[cityHash64(number, i) % 32 + 1], range(8)), ' '),
        ' id-', lower(hex(chance % 100000))),
    reinterpretAsFixedString(sipHash128(intDiv(number, 10))), chance % 20,
    map('thread', concat('worker-', toString(chance % 16)), 'logger', 'shop'),
    1, 2000000000 + {offset:UInt64}, toUInt32(number - {offset:UInt64})
FROM numbers({offset:UInt64}, {count:UInt64})`

const derivedRows = [
  `INSERT INTO trace_index (tenant, trace_id, day, start, end, spans, errors, logs, root_service, root_name, root_duration_ns)
SELECT tenant, trace_id, toDate(time) AS day, min(time), max(addNanoseconds(time, duration_ns)), count(), countIf(status = 'error'), 0,
    maxIf(service, parent_span_id = toFixedString('', 8)), maxIf(name, parent_span_id = toFixedString('', 8)),
    maxIf(duration_ns, parent_span_id = toFixedString('', 8))
FROM events WHERE tenant = {tenant:String} AND signal = 'span' GROUP BY tenant, trace_id, day
SETTINGS max_bytes_before_external_group_by = 400000000`,
  `INSERT INTO red_minute (tenant, minute, signal, service, name, kind, root, rows, weight, error_weight, duration_weight_ns,
    duration_buckets)
SELECT tenant, toStartOfMinute(time) AS minute, signal, service, name, kind, parent_span_id = toFixedString('', 8) AS root, count(),
    sum(weight), sumIf(weight, status = 'error'), sum(weight * duration_ns),
    sumMap(map(toInt16(floor(log2(greatest(duration_ns, 1)) * 16)), weight))
FROM events WHERE tenant = {tenant:String} AND signal = 'span' GROUP BY tenant, minute, signal, service, name, kind, root
SETTINGS max_bytes_before_external_group_by = 400000000`,
  `INSERT INTO attribute_catalogue (tenant, hour, signal, scope, service, key, type, value, rows, last_seen)
SELECT {tenant:String}, addHours(toDateTime(intDiv({start:Int64}, 1000), 'UTC'), number % 24), 'span', 'attribute',
    concat('service-', leftPad(toString(intDiv(number, 24) % 20), 2, '0')),
    concat('key.', leftPad(toString(intDiv(number, 480) % 97), 2, '0')), 'string',
    if(number < 46560, '', concat('value-', leftPad(toString(intDiv(number, 46560) - 1), 3, '0'))), 1,
    addHours(toDateTime(intDiv({start:Int64}, 1000), 'UTC'), number % 24)
FROM numbers(46560 * 51)`,
] as const
