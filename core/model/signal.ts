/** What an event is: a span, a log record or a plain wide event. The numbers are those of the Enum8 in the store. */
export const signals = { span: 1, log: 2, event: 3 } as const
export type Signal = keyof typeof signals

export const spanKinds = {
  unspecified: 0,
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
} as const
export type SpanKind = keyof typeof spanKinds

export const statuses = { unset: 0, ok: 1, error: 2 } as const
export type Status = keyof typeof statuses

export const metricTypes = { gauge: 1, sum: 2, histogram: 3, exponential_histogram: 4, summary: 5 } as const
export type MetricType = keyof typeof metricTypes

export const temporalities = { unspecified: 0, delta: 1, cumulative: 2 } as const
export type Temporality = keyof typeof temporalities
