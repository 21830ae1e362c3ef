import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { TelemetryTable } from '@oriel/core'
import { drainPending, Session } from 'chdb'
import { ChdbConnection, failureOf } from '../telemetry/chdb/chdb-connection.ts'
import { Lane } from '../telemetry/chdb/lane.ts'
import { blockStructure } from '../telemetry/columns.ts'
import { stringLiteral } from '../telemetry/query-param.ts'

/** Arguments of ClickHouse's HTTP interface that are not settings. */
const notSettings = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'enable_http_compression',
  'wait_end_of_query',
  'send_progress_in_http_headers',
])

/**
 * ClickHouse's HTTP interface served from chDB: queries, parameters, settings, inserts in Native, errors with their number. With it
 * the engine for servers runs its contract suite where no server is.
 */
export class ClickhouseBridge {
  readonly #directory: string
  #server: Server | undefined
  #keeper: Session | undefined
  #lane: Lane | undefined
  #killer: ChdbConnection | undefined
  #uploads = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  /** The base address. */
  async start(): Promise<string> {
    mkdirSync(join(this.#directory, 'uploads'), { recursive: true })
    const keeper = new Session(join(this.#directory, 'data'), {
      connectionArgs: ['--background_pool_size=2'],
    })
    keeper.query('CREATE DATABASE IF NOT EXISTS oriel ENGINE = Atomic')
    const connection = () => new ChdbConnection(() => new Session(join(this.#directory, 'data')), 'oriel')
    this.#keeper = keeper
    this.#lane = new Lane('bridge', [connection(), connection(), connection()], 64)
    this.#killer = connection()
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
    this.#server = server
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the bridge does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections()
    await new Promise<void>((resolve) => (this.#server ? this.#server.close(() => resolve()) : resolve()))
    await this.#lane?.close()
    this.#killer?.close()
    this.#keeper?.close()
    await drainPending()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { searchParams } = new URL(request.url ?? '/', 'http://bridge')
    const body = await readBody(request)
    const given = searchParams.get('query')
    const insert = given === null ? null : /^\s*INSERT INTO (\w+) \((.*)\)\s+FORMAT Native\s*$/.exec(given)
    const path = join(this.#directory, 'uploads', `${this.#uploads++}.native`)
    try {
      if (insert !== null) writeFileSync(path, body)
      const sql =
        insert === null ? `${given ?? ''}${body.toString()}` : insertFrom(path, insert[1], insert[2])
      const text = await this.#run(sql, searchParams)
      response.writeHead(200, { 'content-type': 'application/json' }).end(text)
    } catch (error) {
      const { number, message } = failureOf(error)
      const headers = { 'x-clickhouse-exception-code': String(number ?? 1002) }
      response.writeHead(500, headers).end(`${message} (version 26.7 (bridge))`)
    } finally {
      rmSync(path, { force: true })
    }
  }

  async #run(sql: string, args: URLSearchParams): Promise<string> {
    const params: Record<string, string> = {}
    const settings: Record<string, string> = {}
    for (const [name, value] of args) {
      if (name.startsWith('param_')) params[name.slice('param_'.length)] = value
      else if (!notSettings.has(name) && name !== 'log_comment') settings[name] = value
    }
    const statement = { sql, params, settings, mark: args.get('log_comment') ?? 'bridge' }
    if (/^\s*KILL /.test(sql) && this.#killer !== undefined) return await this.#killer.run(statement)
    if (this.#lane === undefined) throw new Error('the bridge is not started')
    return await this.#lane.use((connection) => connection.run(statement))
  }
}

function insertFrom(path: string, table = '', names = ''): string {
  const columns = names.split(',').map((name) => name.trim().replaceAll('`', ''))
  const structure = blockStructure(table as TelemetryTable, columns)
  return `INSERT INTO ${table} (${names}) SELECT ${names} FROM file(${stringLiteral(path)}, Native, ${stringLiteral(structure)})`
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
