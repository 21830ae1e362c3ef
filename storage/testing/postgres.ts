import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@oriel/core'

export interface TestPostgres {
  readonly url: string
  stop(): Promise<void>
}

/** The folder with initdb and postgres of Debian's newest installed version, or undefined. */
export function postgresBinaries(): string | undefined {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).filter(
    (name) => Number(name) >= 15 && existsSync(join(root, name, 'bin', 'initdb')),
  )
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : join(root, newest, 'bin')
}

/** A Postgres of its own in a temporary directory on a free port, run as the user postgres when we are root. */
export async function startPostgres(binaries: string): Promise<TestPostgres> {
  const directory = mkdtempSync(join(tmpdir(), 'oriel-postgres-'))
  chmodSync(directory, 0o777)
  const data = join(directory, 'data')
  const root = process.getuid?.() === 0
  const asUser = (command: string, args: readonly string[]): [string, readonly string[]] =>
    root
      ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args]]
      : [command, args]
  const [initdb, initdbArgs] = asUser(join(binaries, 'initdb'), [
    '-D',
    data,
    '-U',
    'oriel',
    '-A',
    'trust',
    '-N',
    '-E',
    'UTF8',
  ])
  execFileSync(initdb, [...initdbArgs], { stdio: 'pipe', cwd: directory })
  const port = await freePort()
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-c', 'fsync=off']
  const [command, args] = asUser(join(binaries, 'postgres'), options)
  const server = spawn(command, [...args], { stdio: 'ignore', cwd: directory })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async () => {
    server.kill('SIGINT')
    await ended
    rmSync(directory, { recursive: true, force: true })
  }
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) break
    if (isReady(binaries, port)) return { url: `postgres://oriel@127.0.0.1:${port}/postgres`, stop }
    await systemClock.sleep(100)
  }
  await stop()
  throw new Error('postgres did not start')
}

function isReady(binaries: string, port: number): boolean {
  try {
    execFileSync(join(binaries, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)])
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()))
    })
  })
}
