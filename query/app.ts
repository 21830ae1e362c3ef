import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Clock, type Component, type Logger, OrielError } from '@oriel/core'
import type { Engine } from '@oriel/storage'
import { isLoopback, type KeyVerifier } from './api/access.ts'
import { createApi } from './api/api.ts'
import type { ApiPorts } from './api/ports.ts'
import { Sessions } from './api/sessions.ts'
import type { QuerySettings } from './config.ts'
import { type Completeness, Reader } from './execute/reader.ts'

export interface QueryDependencies {
  readonly engine: Engine
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: QuerySettings
  readonly completeness: Completeness
  readonly keys: KeyVerifier
  readonly ports: ApiPorts
  readonly webDirectory?: string | undefined
  readonly version: string
}

export interface QueryApp extends Component {
  /** Where it listens, once started. */
  address(): { readonly host: string; readonly port: number }
}

/** The query API and the web interface on one address. Refuses to listen beyond loopback without keys. */
export function createQuery(dependencies: QueryDependencies): QueryApp {
  const { clock, settings, engine, completeness } = dependencies
  const open = isLoopback(settings.host) && settings.authentication === 'auto'
  const api = createApi({
    reader: new Reader({ engine, clock, completeness, settings }),
    clock,
    logger: dependencies.logger,
    settings,
    ports: dependencies.ports,
    access: {
      keys: dependencies.keys,
      sessions: new Sessions(clock, settings.sessionTtlMs),
      openOnLoopback: open,
    },
    hosts: {
      listenHost: settings.host,
      allowedHosts: settings.allowedHosts,
      allowedOrigins: settings.allowedOrigins,
    },
    webDirectory: dependencies.webDirectory,
    version: dependencies.version,
  })
  const server = createServer(getRequestListener(api.fetch))
  return {
    name: 'query',
    address: () => {
      const address = server.address() as AddressInfo | null
      return { host: address?.address ?? settings.host, port: address?.port ?? settings.port }
    },
    start: async () => {
      await refuseOpenAddress(dependencies)
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(settings.port, settings.host, () => {
          server.off('error', reject)
          resolve()
        })
      })
    },
    stop: () =>
      new Promise<void>((resolve) => {
        if (!server.listening) {
          resolve()
          return
        }
        // a browser may keep a connection open for ever
        const cancel = clock.after(5000, () => server.closeAllConnections())
        server.close(() => {
          cancel()
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

async function refuseOpenAddress({ settings, ports }: QueryDependencies): Promise<void> {
  if (isLoopback(settings.host)) return
  const keys = await ports.keyAdmin.list()
  if (keys.some((key) => key.revokedAtMs === undefined)) return
  throw new OrielError(
    'config_invalid',
    `query.host ${settings.host} is reachable from other machines, and there is no API key; create one on loopback with \`oriel keys create\``,
  )
}
