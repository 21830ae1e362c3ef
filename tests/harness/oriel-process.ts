import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const startTimeoutMs = 60_000
const stopTimeoutMs = 60_000

export interface OrielProcessOptions {
  /** A new temporary one, removed at the end, without it. */
  readonly dataDir?: string
  readonly settings?: Readonly<Record<string, string>>
}

interface Addresses {
  readonly apiUrl: string
  readonly otlpUrl: string
  readonly grpcPort: number
}

/** `oriel start` as a user runs it, on free ports. */
export class OrielProcess {
  readonly apiUrl: string
  readonly otlpUrl: string
  readonly grpcPort: number
  readonly dataDir: string
  readonly readyMs: number
  readonly #child: ChildProcess
  readonly #output: string[]
  readonly #temporary: boolean

  private constructor(
    child: ChildProcess,
    output: string[],
    place: Addresses & { dataDir: string; temporary: boolean; readyMs: number },
  ) {
    this.#child = child
    this.#output = output
    this.#temporary = place.temporary
    this.dataDir = place.dataDir
    this.readyMs = place.readyMs
    this.apiUrl = place.apiUrl
    this.otlpUrl = place.otlpUrl
    this.grpcPort = place.grpcPort
  }

  static async start({ dataDir, settings = {} }: OrielProcessOptions = {}): Promise<OrielProcess> {
    const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'oriel-test-')))
    const all = { 'ingest.httpPort': '0', 'ingest.grpcPort': '0', 'query.port': '0', ...settings }
    const sets = Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`])
    const startedMs = performance.now()
    const child = spawn(process.execPath, [cli, 'start', '--data-dir', directory, ...sets], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    child.once('exit', () => process.removeListener('exit', kill))
    const output: string[] = []
    const keep = (chunk: Buffer) => {
      output.push(chunk.toString())
      if (output.length > 2000) output.splice(200, 1000)
    }
    child.stderr.on('data', keep)
    child.stdout.on('data', keep)
    const addresses = await greeted(child, output)
    const readyMs = performance.now() - startedMs
    return new OrielProcess(child, output, {
      ...addresses,
      dataDir: directory,
      temporary: dataDir === undefined,
      readyMs,
    })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  get output(): string {
    return this.#output.join('')
  }

  /** POST or GET on the API; an answer that is not 2xx throws with its text. */
  async api<T>(path: string, body?: unknown): Promise<T> {
    const init: RequestInit =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(`${this.apiUrl}/api/v1${path}`, init)
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return JSON.parse(text) as T
  }

  /** A temporary directory goes with a SIGTERM and stays after a SIGKILL. Returns the exit code, null after a signal. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
      })
      child.kill(signal)
      const killer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      await ended
      clearTimeout(killer)
    }
    if (this.#temporary && signal === 'SIGTERM') await rm(this.dataDir, { recursive: true, force: true })
    return child.exitCode
  }
}

/** Waits for the addresses on stdout; what stderr says is only for the failure's text. */
function greeted(child: ChildProcess, output: readonly string[]): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    let greeting = ''
    const settle = (why?: string) => {
      clearTimeout(timer)
      child.stdout?.removeListener('data', read)
      child.removeListener('exit', ended)
      if (why !== undefined) reject(new Error(`oriel ${why}:\n${output.join('')}`))
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      settle(`was not ready within ${startTimeoutMs} ms`)
    }, startTimeoutMs)
    const ended = (code: number | null, signal: string | null) => settle(`ended with ${code ?? signal}`)
    const read = (chunk: Buffer) => {
      greeting += chunk.toString()
      const addresses = addressesIn(greeting)
      if (addresses === undefined) return
      settle()
      resolve(addresses)
    }
    child.stdout?.on('data', read)
    child.once('exit', ended)
    child.once('error', (error) => settle(`did not start: ${error.message}`))
  })
}

/** Undefined until the greeting is whole: a chunk may end anywhere. */
function addressesIn(greeting: string): Addresses | undefined {
  if (!/OTEL_EXPORTER_OTLP_ENDPOINT=\S+\n/.test(greeting)) return undefined
  const apiUrl = /UI and API\s+(http:\S+)/.exec(greeting)?.[1]
  const otlpUrl = /OTLP\/HTTP\s+(http:\S+)/.exec(greeting)?.[1]
  const grpcPort = Number(/OTLP\/gRPC\s+\S+:(\d+)/.exec(greeting)?.[1])
  if (apiUrl === undefined || otlpUrl === undefined || Number.isNaN(grpcPort)) return undefined
  return { apiUrl, otlpUrl, grpcPort }
}
