import {
  type Attributes,
  type Meter,
  type MeterProvider,
  type MetricOptions,
  metrics,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'

export type { Attributes } from '@opentelemetry/api'

export interface Counter {
  add(value: number, attributes?: Attributes): void
}

/** Histogram and gauge: one value now. */
export interface Recorder {
  record(value: number, attributes?: Attributes): void
}

export interface SpanOptions {
  readonly attributes?: Attributes
  /** Starts a trace of its own instead of joining the active one. */
  readonly root?: boolean
}

export interface Instrumentation {
  counter(name: string, options?: MetricOptions): Counter
  histogram(name: string, options?: MetricOptions): Recorder
  gauge(name: string, options?: MetricOptions): Recorder
  /** Runs inside an active span, which ends with it; a throw marks the span as an error and passes on. */
  withSpan<T>(name: string, run: (span: Span) => Promise<T>, options?: SpanOptions): Promise<T>
}

/** Our own telemetry for one package, e.g. `instrument('ingest')`. Without an SDK in the process it costs next to nothing. */
export function instrument(scope: string): Instrumentation {
  const scopeName = `oriel.${scope}`
  return {
    counter: (name, options) => {
      const current = lazily(scopeName, (meter) => meter.createCounter(name, options))
      return { add: (value, attributes) => current().add(value, attributes) }
    },
    histogram: (name, options) => {
      const current = lazily(scopeName, (meter) => meter.createHistogram(name, options))
      return { record: (value, attributes) => current().record(value, attributes) }
    },
    gauge: (name, options) => {
      const current = lazily(scopeName, (meter) => meter.createGauge(name, options))
      return { record: (value, attributes) => current().record(value, attributes) }
    },
    withSpan: (name, run, options) => withSpan({ scopeName, name, ...options }, run),
  }
}

/** Unlike tracers, meters taken before the SDK is registered stay silent for ever, so take one again when it changes. */
function lazily<T>(scopeName: string, create: (meter: Meter) => T): () => T {
  let provider: MeterProvider | undefined
  let made: T | undefined
  return () => {
    const registered = metrics.getMeterProvider()
    if (made === undefined || provider !== registered) {
      provider = registered
      made = create(registered.getMeter(scopeName))
    }
    return made
  }
}

function withSpan<T>(
  options: SpanOptions & { readonly scopeName: string; readonly name: string },
  run: (span: Span) => Promise<T>,
): Promise<T> {
  const { scopeName, name, attributes = {}, root = false } = options
  return trace.getTracer(scopeName).startActiveSpan(name, { attributes, root }, async (span) => {
    try {
      return await run(span)
    } catch (error) {
      if (error instanceof Error) span.recordException(error)
      const message = error instanceof Error ? error.message : String(error)
      span.setStatus({ code: SpanStatusCode.ERROR, message })
      throw error
    } finally {
      span.end()
    }
  })
}
