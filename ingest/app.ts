import { type Clock, type Component, Lifecycle, type Logger, OrielError } from '@oriel/core'
import { Admission } from './admit/admission.ts'
import { BrowserGuard } from './admit/browser-guard.ts'
import { JournalLedgerSink } from './admit/journal-ledger-sink.ts'
import { KeyRing, type KeyVerifier } from './admit/key-ring.ts'
import { Ledger } from './admit/ledger.ts'
import { isLoopback, refuseOpenListener } from './admit/loopback.ts'
import { ResendGuard } from './admit/resend-guard.ts'
import type { IngestSettings } from './config.ts'
import type { DecodePool, OnGroup } from './decode/decode-pool.ts'
import type { Journal, JournalMemory } from './journal/journal.ts'
import { GrpcServer } from './receive/grpc-server.ts'
import { HttpServer } from './receive/http-server.ts'

export interface IngestDeps {
  readonly settings: IngestSettings
  readonly clock: Clock
  readonly logger: Logger
  /** Open already; whoever opened it closes it after `stop`. */
  readonly journal: Pick<Journal, 'append'> & Pick<JournalMemory, 'receipts'>
  /** Builds the decode pool around the way into the journal. */
  readonly createPool: (onGroup: OnGroup) => DecodePool
  /** Moves the journal into the store; absent where another process does. */
  readonly writer?: Component
  /** Without it everything belongs to the default tenant, on loopback only. */
  readonly keys?: KeyVerifier
  /** Whether any API key is in force, asked at start: beyond loopback it is refused otherwise. Default: whether `keys` is given. */
  readonly hasKeys?: () => Promise<boolean>
}

export interface IngestStats {
  readonly inFlightBytes: number
  readonly overloadRefusals: number
  readonly connectionsDropped: number
  readonly resendDigests: number
  readonly resendOverflowed: number
  readonly ledgerDropped: number
}

export interface Ingest extends Component {
  /** Known after start. */
  readonly httpPort: number
  readonly grpcPort: number
  stats(): IngestStats
}

/**
 * Wires receive → admit → decode → journal, and the writer behind it. Throws config_invalid for a listener that anyone could
 * write to. Stop: refuse what is new, answer what is in flight, seal and append, then let the writer finish; what it leaves
 * is in the journal for the next start.
 */
export function createIngest(deps: IngestDeps): Ingest {
  const { settings, clock, logger, journal, keys, writer } = deps
  refuseOpenListener(settings.host, keys !== undefined)
  const required = settings.requireKeys === 'always' || !isLoopback(settings.host)
  if (required && keys === undefined) {
    throw new OrielError('config_invalid', 'ingest.requireKeys is always, but there are no API keys')
  }
  const pool = deps.createPool((group) => journal.append(group))
  const { resendWindowMs, resendEntriesMax, ledgerFlushMs, keyCacheMs } = settings
  const guard = new ResendGuard({ clock, windowMs: resendWindowMs, entriesMax: resendEntriesMax })
  const sink = new JournalLedgerSink(journal)
  const ledger = new Ledger({ clock, logger, sink, flushIntervalMs: ledgerFlushMs })
  const keyRing = new KeyRing({ verifier: keys, required, cacheMs: keyCacheMs, clock })
  const admission = new Admission({ settings, clock, keys: keyRing, guard, ledger, pool })
  const { allowedHosts, allowedOrigins } = settings
  const browsers = new BrowserGuard({ allowedHosts, allowedOrigins, keysRequired: required })
  const http = new HttpServer({ settings, clock, logger, admission, browsers })
  const grpc = new GrpcServer({ settings, clock, logger, admission })
  const lifecycle = new Lifecycle(
    [
      { name: 'access', start: () => refuseWithoutKeys(deps), stop: async () => {} },
      ...(writer === undefined ? [] : [writer]),
      { name: 'decode', start: () => pool.start(), stop: () => pool.stop() },
      {
        name: 'ledger',
        start: async () => {
          guard.remember(journal.receipts())
          ledger.start()
        },
        stop: () => ledger.stop(),
      },
      receivers([http, grpc], admission),
    ],
    { clock, drainTimeoutMs: settings.stopGraceMs + drainExtraMs },
  )
  return {
    name: 'ingest',
    start: () => lifecycle.start(),
    stop: async () => failOn(await lifecycle.stop()),
    get httpPort() {
      return http.port
    },
    get grpcPort() {
      return grpc.port
    },
    stats: () => ({
      inFlightBytes: admission.budget.bytes,
      overloadRefusals: admission.budget.refused,
      connectionsDropped: http.connectionsDropped,
      resendDigests: guard.remembered,
      resendOverflowed: guard.overflowed,
      ledgerDropped: ledger.dropped,
    }),
  }
}

/** Before anything is started: the store of keys may hold none. */
async function refuseWithoutKeys({ settings, hasKeys }: IngestDeps): Promise<void> {
  if (hasKeys !== undefined && !isLoopback(settings.host)) refuseOpenListener(settings.host, await hasKeys())
}

/** Beyond the grace of the connections: for the last group and the insert under way. */
const drainExtraMs = 20_000

/** Both transports as one: they drain side by side, and from the first moment on nothing new is taken. */
function receivers(servers: readonly Component[], admission: Admission): Component {
  return {
    name: 'receive',
    start: async () => {
      for (const server of servers) await server.start()
    },
    stop: async () => {
      admission.close()
      await Promise.all(servers.map((server) => server.stop()))
    },
  }
}

function failOn(report: Awaited<ReturnType<Lifecycle['stop']>>): void {
  const [failed] = report.failed
  if (failed !== undefined) throw failed.error
  if (report.timedOut.length > 0) {
    throw new OrielError('internal', `not drained in time: ${report.timedOut.join(', ')}`)
  }
}
