import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { type Config, formatBytes, OrielError } from '@oriel/core'
import { ingestSettings } from '@oriel/ingest'
import { querySettings } from '@oriel/query'
import { storageSettings } from '@oriel/storage'
import { serverSettings } from './config.ts'

/** One thing looked at. `advice` says how to mend it. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem'
  readonly what: string
  readonly found: string
  readonly advice?: string
}

const diskWarnBytes = 10 * 2 ** 30
const diskLeastBytes = 2 ** 30
const nodeMajorLeast = 24

/** Looks at versions, configuration, disk, ports and engine. Never throws: what fails is a finding. */
export async function diagnose(readConfig: () => Config): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeVersion()]
  let config: Config
  try {
    config = readConfig()
  } catch (error) {
    const advice =
      error instanceof OrielError ? 'correct the setting named; docs/config.md lists them all' : String(error)
    return [...findings, { state: 'problem', what: 'configuration', found: messageOf(error), advice }]
  }
  const changed = Object.keys(config.origins).length
  findings.push({
    state: 'ok',
    what: 'configuration',
    found: changed === 0 ? 'defaults' : `${changed} settings changed`,
  })
  const { dataDir } = config.get(serverSettings)
  findings.push(await disk(dataDir), await engine(config))
  return [...findings, ...(await ports(config))]
}

function nodeVersion(): Finding {
  const { node } = process.versions
  const ok = Number.parseInt(node, 10) >= nodeMajorLeast
  const advice = 'start through npm (npm start, npm run oriel --), which brings its own Node'
  return ok
    ? { state: 'ok', what: 'Node', found: node }
    : { state: 'problem', what: 'Node', found: `${node}, below ${nodeMajorLeast}`, advice }
}

async function disk(dataDir: string): Promise<Finding> {
  const what = `data directory ${resolve(dataDir)}`
  let place = resolve(dataDir)
  while (!existsSync(place)) place = dirname(place)
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const found = `${formatBytes(free)} free`
  if (free < diskLeastBytes) {
    return {
      state: 'problem',
      what,
      found,
      advice: 'free space, or choose another place with server.dataDir',
    }
  }
  if (free < diskWarnBytes)
    return { state: 'warning', what, found, advice: 'shorten retention or add space soon' }
  return { state: 'ok', what, found }
}

/** The engine is loaded in a process of its own: a library that does not fit the machine would end this one. */
async function engine(config: Config): Promise<Finding> {
  const { engine: kind, clickhouseUrl } = config.get(storageSettings)
  if (kind === 'clickhouse') return clickhouse(clickhouseUrl)
  const probe = new URL('./engine-probe.ts', import.meta.url).pathname
  const { status, stdout, stderr } = spawnSync(process.execPath, [probe], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status === 0) return { state: 'ok', what: 'engine', found: `chDB, ClickHouse ${stdout.trim()}` }
  return {
    state: 'problem',
    what: 'engine',
    found: `chDB cannot be loaded: ${(stderr || 'no output').trim().split('\n').at(-1)}`,
    advice:
      'chDB needs Linux with glibc or macOS, x64 or arm64; or point storage.clickhouseUrl at a ClickHouse server',
  }
}

async function clickhouse(url: string): Promise<Finding> {
  const answer = await fetch(new URL('/ping', url)).catch((error: unknown) => error)
  if (answer instanceof Response && answer.ok)
    return { state: 'ok', what: 'engine', found: 'the ClickHouse server answers' }
  return {
    state: 'problem',
    what: 'engine',
    found: 'the ClickHouse server does not answer',
    advice: 'check storage.clickhouseUrl and that the server runs',
  }
}

async function ports(config: Config): Promise<readonly Finding[]> {
  const ingest = config.get(ingestSettings)
  const query = config.get(querySettings)
  const wanted = [
    { what: 'port for OTLP/gRPC', host: ingest.host, port: ingest.grpcPort, key: 'ingest.grpcPort' },
    { what: 'port for OTLP/HTTP', host: ingest.host, port: ingest.httpPort, key: 'ingest.httpPort' },
    { what: 'port for the API and the UI', host: query.host, port: query.port, key: 'query.port' },
  ]
  return Promise.all(
    wanted.map(async ({ what, host, port, key }): Promise<Finding> => {
      const problem = await listenProblem(host, port)
      if (problem === undefined) return { state: 'ok', what, found: `${host}:${port} is free` }
      const running = port === query.port && (await orielAnswers(host, port))
      if (running) return { state: 'ok', what, found: `${host}:${port} is held by a running Oriel` }
      const advice = `stop what holds it, or choose another with ${key}`
      return { state: 'warning', what, found: `${host}:${port} cannot be taken (${problem})`, advice }
    }),
  )
}

function listenProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => done(undefined)))
  })
}

async function orielAnswers(host: string, port: number): Promise<boolean> {
  const answer = await fetch(`http://${host}:${port}/api/v1/health`).catch(() => undefined)
  return answer?.headers.has('x-request-id') ?? false
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
