import { defineSettings, formatBytes, type Settings, setting } from '@oriel/core'

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB

/** Everything that can be set about ingest; the reference page and the environment names come from here. */
export const ingestSettings = defineSettings(
  'ingest',
  {
    host: setting.string({
      default: '127.0.0.1',
      doc: 'Address both OTLP listeners bind. Beyond loopback only with API keys.',
    }),
    httpPort: setting.integer({
      default: 4318,
      min: 0,
      max: 65_535,
      doc: 'Port of OTLP/HTTP; 0 takes a free one.',
    }),
    grpcPort: setting.integer({
      default: 4317,
      min: 0,
      max: 65_535,
      doc: 'Port of OTLP/gRPC; 0 takes a free one.',
    }),
    allowedHosts: setting.stringList({
      default: [],
      doc: 'Host names accepted in the Host header besides the loopback names. With API keys and an empty list, any.',
    }),
    allowedOrigins: setting.stringList({
      default: [],
      doc: 'Web origins (scheme://host:port) whose pages may send telemetry. There is no wildcard.',
    }),
    requireKeys: setting.enumeration({
      default: 'beyondLoopback',
      values: ['beyondLoopback', 'always'],
      doc: 'Whether senders on loopback need an API key too; set to always behind a proxy on the same machine.',
    }),
    bodyBytesMax: setting.bytes({
      default: 64 * MiB,
      min: KiB,
      max: GiB,
      doc: 'Largest HTTP body, on the wire and again after decompression; answered with 413.',
    }),
    grpcMessageBytesMax: setting.bytes({
      default: 4 * MiB,
      min: KiB,
      max: GiB,
      doc: 'Largest gRPC message, on the wire and after decompression; answered with RESOURCE_EXHAUSTED.',
    }),
    memoryBudgetBytes: setting.bytes({
      default: 256 * MiB,
      min: MiB,
      max: 64 * GiB,
      doc: 'Bytes of requests admitted and not yet answered, over all tenants; beyond it 503 or UNAVAILABLE.',
    }),
    gzipExpansion: setting.integer({
      default: 6,
      min: 1,
      max: 100,
      doc: 'Factor by which a gzip body counts against the memory budget.',
    }),
    tenantBytesPerSecondMax: setting.bytes({
      default: 0,
      min: 0,
      max: 16 * GiB,
      doc: 'Bytes on the wire per second and tenant, with ten seconds of burst; beyond it 429. 0 sets no limit.',
    }),
    retryAfterMs: setting.durationMs({
      default: 1000,
      min: 1,
      max: 60_000,
      doc: 'What a refused sender is told to wait; rounded up to whole seconds in Retry-After.',
    }),
    connectionsMax: setting.integer({
      default: 1024,
      min: 1,
      max: 100_000,
      doc: 'Open HTTP connections; further ones are closed at once and counted.',
    }),
    grpcStreamsMax: setting.integer({
      default: 100,
      min: 1,
      max: 10_000,
      doc: 'Concurrent gRPC calls per connection.',
    }),
    headersTimeoutMs: setting.durationMs({
      default: 10_000,
      min: 100,
      max: 600_000,
      doc: 'Time for a request to send its headers; answered with 408.',
    }),
    requestTimeoutMs: setting.durationMs({
      default: 60_000,
      min: 100,
      max: 600_000,
      doc: 'Time for a request to arrive whole; answered with 408.',
    }),
    idleTimeoutMs: setting.durationMs({
      default: 60_000,
      min: 100,
      max: 3_600_000,
      doc: 'Time a connection may stay open without a request.',
    }),
    stopGraceMs: setting.durationMs({
      default: 10_000,
      min: 0,
      max: 600_000,
      doc: 'Time requests in flight get at a stop before their connections are cut unanswered.',
    }),
    resendWindowMs: setting.durationMs({
      default: 600_000,
      min: 0,
      max: 3_600_000,
      doc: 'How long a byte-identical resend is recognised after its original became durable.',
    }),
    resendEntriesMax: setting.integer({
      default: 262_144,
      min: 1,
      max: 16_777_216,
      unit: 'requests',
      doc: 'Remembered digests; the oldest are forgotten beyond it, and counted.',
    }),
    keyCacheMs: setting.durationMs({
      default: 10_000,
      min: 0,
      max: 300_000,
      doc: 'How long a verified API key is trusted before it is looked up again; a revoked key works this much longer.',
    }),
    ledgerFlushMs: setting.durationMs({
      default: 5000,
      min: 100,
      max: 60_000,
      doc: 'How often the counts of refused and resent requests are stored.',
    }),
  },
  (values) => {
    if (values.memoryBudgetBytes < Math.max(values.bodyBytesMax, values.grpcMessageBytesMax)) {
      const budget = formatBytes(values.memoryBudgetBytes)
      return `memoryBudgetBytes ${budget} is below bodyBytesMax or grpcMessageBytesMax: the largest allowed request could never be admitted`
    }
    if (values.headersTimeoutMs > values.requestTimeoutMs) {
      return `headersTimeoutMs ${values.headersTimeoutMs} exceeds requestTimeoutMs ${values.requestTimeoutMs}`
    }
    const wildcard = values.allowedOrigins.find((origin) => !/^https?:\/\/[^/*]+$/.test(origin))
    return wildcard === undefined
      ? undefined
      : `allowedOrigins must be scheme://host[:port] without a path or wildcard, but holds "${wildcard}"`
  },
)

export type IngestSettings = Settings<typeof ingestSettings>
