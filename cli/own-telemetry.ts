import { randomUUID } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Histogram, type Meter, metrics } from '@opentelemetry/api'
import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import type { Clock, Component, Logger } from '@oriel/core'
import type { DecodePool, IngestStats, JournalStats, WriterStats } from '@oriel/ingest'
import type { RequestEvent } from '@oriel/query'
import { version } from './version.ts'

const intervalMs = 15_000
/** Ten ticks a second: enough to see a stall, nothing to pay when idle. */
const eventLoopTickMs = 100
const tenant = 'default'

/** Where the numbers come from; asked once per interval. */
export interface OwnTelemetrySources {
  journal(): JournalStats
  ingest(): IngestStats
  writer(): WriterStats
  workerCrashes(): number
  deadLetterCount(): Promise<number>
}

export interface OwnTelemetryOptions {
  readonly sources: OwnTelemetrySources
  readonly pool: () => Pick<DecodePool, 'decode'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Asked by us alone: it has no timer of its own and nothing to flush. */
class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/**
 * Our own metrics into our own store, over the path of everybody's. A report that could not be stored is logged and not sent
 * again (the counters are cumulative); one still under way when the next is due, or at the stop, is not waited for.
 */
export class OwnTelemetry implements Component {
  readonly name = 'own telemetry'
  readonly #options: OwnTelemetryOptions
  readonly #reader = new AskedReader()
  readonly #provider: MeterProvider
  readonly #requestDuration: Histogram
  readonly #eventLoopDelay = monitorEventLoopDelay({ resolution: eventLoopTickMs })
  #global = false
  #reporting = false
  #cancel: (() => void) | undefined

  constructor(options: OwnTelemetryOptions) {
    this.#options = options
    this.#provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': 'oriel', 'service.version': version }),
      readers: [this.#reader],
    })
    const meter = this.#provider.getMeter('oriel', version)
    this.#requestDuration = meter.createHistogram('http.server.request.duration', {
      unit: 's',
      description: 'API requests by route and status',
      advice: {
        explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
      },
    })
    observeIngest(meter, options)
    observeStorage(meter, options.sources)
    this.#observeProcess(meter)
  }

  async start(): Promise<void> {
    this.#eventLoopDelay.enable()
    this.#global = metrics.setGlobalMeterProvider(this.#provider)
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    this.#eventLoopDelay.disable()
    if (this.#global) metrics.disable()
    await this.#provider.shutdown()
  }

  request(event: RequestEvent): void {
    this.#requestDuration.record(event.durationMs / 1000, {
      'http.request.method': event.method,
      'http.route': event.route,
      'http.response.status_code': event.status,
    })
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(intervalMs, () => {
      void this.#report()
      this.#schedule()
    })
  }

  async #report(): Promise<void> {
    if (this.#reporting) return
    const { clock, logger, pool } = this.#options
    this.#reporting = true
    try {
      const { resourceMetrics, errors } = await this.#reader.collect()
      if (errors.length > 0)
        logger.warn('own metrics are incomplete', { errors: errors.map((error) => String(error)) })
      const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics)
      if (body === undefined) return
      await pool().decode({
        tenant,
        signal: 'metrics',
        encoding: 'protobuf',
        compression: 'none',
        body,
        receivedAtMs: clock.nowMs(),
        digest: randomUUID(),
      })
    } catch (error) {
      logger.warn('own metrics not stored', { error: String(error) })
    } finally {
      this.#reporting = false
    }
  }

  /** Names of the OpenTelemetry semantic conventions for processes and Node.js. */
  #observeProcess(meter: Meter): void {
    meter.createObservableCounter('process.cpu.time', { unit: 's' }).addCallback((result) => {
      const { user, system } = process.cpuUsage()
      result.observe(user / 1e6, { 'cpu.mode': 'user' })
      result.observe(system / 1e6, { 'cpu.mode': 'system' })
    })
    meter
      .createObservableUpDownCounter('process.memory.usage', { unit: 'By', description: 'Resident set' })
      .addCallback((result) => result.observe(process.memoryUsage.rss()))
    const delay = this.#eventLoopDelay
    const p99 = meter.createObservableGauge('nodejs.eventloop.delay.p99', { unit: 's' })
    const max = meter.createObservableGauge('nodejs.eventloop.delay.max', { unit: 's' })
    // both in one, because the histogram starts anew with each report
    meter.addBatchObservableCallback(
      (result) => {
        result.observe(p99, beyondTick(delay.percentile(99)))
        result.observe(max, beyondTick(delay.max))
        delay.reset()
      },
      [p99, max],
    )
  }
}

/** Seconds a tick came late: the histogram holds nanoseconds between ticks. */
function beyondTick(betweenNs: number): number {
  return Math.max(0, betweenNs / 1e9 - eventLoopTickMs / 1000)
}

function observeIngest(meter: Meter, { sources, clock }: OwnTelemetryOptions): void {
  const bytes = { unit: 'By' }
  meter
    .createObservableUpDownCounter('oriel.journal.bytes', bytes)
    .addCallback((result) => result.observe(sources.journal().bytes))
  meter
    .createObservableUpDownCounter('oriel.journal.rows', { unit: '{row}' })
    .addCallback((result) => result.observe(sources.journal().rows))
  meter
    .createObservableGauge('oriel.journal.lag', {
      unit: 's',
      description: 'Age of the oldest row not stored',
    })
    .addCallback((result) => {
      const { oldestReceivedAtMs } = sources.journal()
      result.observe(oldestReceivedAtMs === undefined ? 0 : (clock.nowMs() - oldestReceivedAtMs) / 1000)
    })
  meter
    .createObservableUpDownCounter('oriel.ingest.in_flight', bytes)
    .addCallback((result) => result.observe(sources.ingest().inFlightBytes))
  meter
    .createObservableCounter('oriel.ingest.refusals', {
      unit: '{request}',
      description: 'Refused for overload',
    })
    .addCallback((result) => result.observe(sources.ingest().overloadRefusals))
  meter
    .createObservableUpDownCounter('oriel.ingest.resend.digests', {
      unit: '{request}',
      description: 'Requests remembered so that a copy is not stored twice',
    })
    .addCallback((result) => result.observe(sources.ingest().resendDigests))
  meter
    .createObservableCounter('oriel.decode.worker.crashes', { unit: '{crash}' })
    .addCallback((result) => result.observe(sources.workerCrashes()))
}

function observeStorage(meter: Meter, sources: OwnTelemetrySources): void {
  meter
    .createObservableCounter('oriel.writer.stored', { unit: '{row}' })
    .addCallback((result) => result.observe(sources.writer().storedRows))
  meter
    .createObservableCounter('oriel.writer.retries', { unit: '{retry}' })
    .addCallback((result) => result.observe(sources.writer().retries))
  meter
    .createObservableCounter('oriel.writer.refused', {
      unit: '{row}',
      description: 'Refused by the store, set aside as dead letters',
    })
    .addCallback((result) => result.observe(sources.writer().refusedRows))
  meter
    .createObservableUpDownCounter('oriel.dead_letters', { unit: '{block}' })
    .addCallback(async (result) => result.observe(await sources.deadLetterCount()))
}
