import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))
const startTimeoutMs = 60_000

export interface OrielProcessOptions {
  /** A new temporary one, removed at the end, without it. */
  readonly dataDir?: string
  readonly settings?: Readonly<Record<string, string>>
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
    place: { dataDir: string; temporary: boolean; readyMs: number },
  ) {
    const text = output.join('')
    this.#child = child
    this.#output = output
    this.#temporary = place.temporary
    this.dataDir = place.dataDir
    this.readyMs = place.readyMs
    this.apiUrl = /UI and API\s+(\S+)/.exec(text)?.[1] ?? ''
    this.otlpUrl = /OTLP\/HTTP\s+(\S+)/.exec(text)?.[1] ?? ''
    this.grpcPort = Number(/OTLP\/gRPC\s+\S+:(\d+)/.exec(text)?.[1])
  }

  static async start({ dataDir, settings = {} }: OrielProcessOptions = {}): Promise<OrielProcess> {
    const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'oriel-test-')))
    const all = { 'ingest.httpPort': '0', 'ingest.grpcPort': '0', 'query.port': '0', ...settings }
    const sets = Object.entries(all).flatMap(([key, value]) => ['--set', `${key}=${value}`])
    const startedMs = performance.now()
    const child = spawn(process.execPath, [cli, 'start', '--data-dir', directory, ...sets], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    })
    const output: string[] = []
    const keep = (chunk: Buffer) => {
      output.push(chunk.toString())
      if (output.length > 2000) output.splice(200, 1000)
    }
    child.stderr.on('data', keep)
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string) => reject(new Error(`oriel ${why}:\n${output.join('')}`))
      const timer = setTimeout(() => {
        child.kill('SIGKILL')
        failed(`was not ready within ${startTimeoutMs} ms`)
      }, startTimeoutMs)
      child.stdout.on('data', (chunk: Buffer) => {
        keep(chunk)
        if (!output.join('').includes('OTEL_EXPORTER_OTLP_ENDPOINT')) return
        clearTimeout(timer)
        resolve()
      })
      child.once('exit', (code, signal) => {
        clearTimeout(timer)
        failed(`ended with ${code ?? signal}`)
      })
    })
    const readyMs = performance.now() - startedMs
    return new OrielProcess(child, output, { dataDir: directory, temporary: dataDir === undefined, readyMs })
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

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => resolve())
      })
      child.kill(signal)
      await ended
    }
    if (this.#temporary && signal === 'SIGTERM') await rm(this.dataDir, { recursive: true, force: true })
    return child.exitCode
  }
}
