import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ShopProcessOptions {
  readonly name: string
  readonly version: string
  /** Without an endpoint the process sends no telemetry. */
  readonly otlpEndpoint?: string
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** One running service of the shop. */
export class ShopProcess {
  readonly url: string
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
    this.url = `http://127.0.0.1:${port}`
  }

  static async start(options: ShopProcessOptions): Promise<ShopProcess> {
    const { name, version, otlpEndpoint, port = 0, environment = {} } = options
    const child = fork(file(`./shop/${name}.ts`), {
      execArgv: otlpEndpoint === undefined ? [] : ['--import', file('./shop/telemetry.ts')],
      env: {
        PATH: process.env.PATH,
        OTEL_SERVICE_NAME: name,
        OTEL_RESOURCE_ATTRIBUTES: `service.version=${version},deployment.environment.name=demo,service.namespace=shop`,
        OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
        OTEL_LOGS_EXPORTER: 'otlp',
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_METRIC_EXPORT_TIMEOUT: '4000',
        OTEL_BSP_SCHEDULE_DELAY: '500',
        OTEL_BLRP_SCHEDULE_DELAY: '500',
        SHOP_PORT: String(port),
        ...environment,
      },
    })
    const listening = new Promise<number>((resolve, reject) => {
      child.once('message', (message: { port: number }) => resolve(message.port))
      child.once('error', reject)
      child.once('exit', (code) =>
        reject(new Error(`the demo's ${name} ended with code ${code} before it listened`)),
      )
    })
    return new ShopProcess(child, await listening)
  }

  /** Lets the service send what it still holds; after five seconds it is killed. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve())
    })
    this.#child.kill('SIGTERM')
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 5000)
    await ended
    clearTimeout(killer)
  }
}
