import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDataDirectory } from './lock.ts'

let directory = ''
const lockPath = () => join(directory, 'lock')

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oriel-lock-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('a second taker is refused with the number of the first; a release lets it in', async () => {
  const lock = await lockDataDirectory(directory)
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({
    code: 'data_directory_locked',
    message: `data directory is in use by process ${process.pid} (${lockPath()})`,
  })
  await lock.release()
  const next = await lockDataDirectory(directory)
  expect(await readdir(directory)).toEqual(['lock'])
  await next.release()
  expect(await readdir(directory)).toEqual([])
})

test('the lock of a process that was killed is stale', async () => {
  const script = `await (await import(${JSON.stringify(new URL('./lock.ts', import.meta.url).href)})).lockDataDirectory(${JSON.stringify(directory)})
console.log('locked'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await expect(lockDataDirectory(directory)).rejects.toMatchObject({ details: { pid: child.pid } })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await (await lockDataDirectory(directory)).release()
})

test.each([
  { name: 'another boot', change: { bootId: 'before' } },
  { name: 'a number given to another process', change: { startTime: '1' } },
  { name: 'a number nobody has', change: { pid: 2 ** 22 + 1 } },
])('a lock of $name is stale', async ({ change }) => {
  await lockDataDirectory(directory)
  const owner = JSON.parse(await readFile(lockPath(), 'utf8')) as object
  await writeFile(lockPath(), JSON.stringify({ ...owner, ...change }))
  await (await lockDataDirectory(directory)).release()
})

test.each(['', 'not json', '{}'])('a lock that says "%s" is stale', async (text) => {
  await writeFile(lockPath(), text)
  await (await lockDataDirectory(directory)).release()
})

test('of many takers of a stale lock one wins', async () => {
  await writeFile(lockPath(), '{"pid":4194305}')
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockDataDirectory(directory)))
  expect(results.filter((result) => result.status === 'fulfilled').length).toBeLessThanOrEqual(1)
})
