import { readFileSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OrielError } from '@oriel/core'

/** Held until `release`; a process that died without it leaves a stale lock, which the next one sees through. */
export interface DirectoryLock {
  release(): Promise<void>
}

interface Owner {
  readonly pid: number
  /** Both '' where the system does not tell; then a living process with the number counts as the owner. */
  readonly bootId: string
  readonly startTime: string
}

/**
 * Takes the data directory for this process alone.
 * Throws data_directory_locked, naming the process, while the owner lives.
 */
export async function lockDataDirectory(dataDirectory: string): Promise<DirectoryLock> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o750 })
  const path = join(dataDirectory, 'lock')
  const own = `${path}.${process.pid}`
  const text = JSON.stringify(ownerOf(process.pid))
  await writeFile(own, text, { mode: 0o640 })
  try {
    // a link is made whole or not at all, so nobody reads half an owner
    while (!(await linked(own, path))) await removeStale(path)
  } finally {
    await rm(own, { force: true })
  }
  return {
    async release() {
      if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
    },
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function removeStale(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const owner = parseOwner(text)
  if (owner !== undefined && isAlive(owner)) throw lockedBy(path, owner.pid)
  const aside = `${path}.stale.${process.pid}`
  await rename(path, aside).catch(() => undefined)
  const moved = await readFile(aside, 'utf8').catch(() => text)
  // another process was quicker and its fresh lock was moved: give it back
  if (moved !== text) await linked(aside, path)
  await rm(aside, { force: true })
}

function lockedBy(path: string, pid: number): OrielError {
  return new OrielError('data_directory_locked', `data directory is in use by process ${pid} (${path})`, {
    details: { pid },
  })
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner>
    const { pid, bootId = '', startTime = '' } = owner
    return Number.isInteger(pid) ? { pid: Number(pid), bootId, startTime } : undefined
  } catch {
    return undefined
  }
}

function isAlive(owner: Owner): boolean {
  const now = ownerOf(owner.pid)
  if (now.bootId !== owner.bootId || now.startTime !== owner.startTime) return false
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The number alone may have been given to another process since: boot and start time tell them apart. */
function ownerOf(pid: number): Owner {
  return { pid, bootId: read('/proc/sys/kernel/random/boot_id').trim(), startTime: startTimeOf(pid) }
}

/** Field 22 of /proc/<pid>/stat; the command in field 2 may hold spaces and parentheses. A zombie has ended: none. */
function startTimeOf(pid: number): string {
  const text = read(`/proc/${pid}/stat`)
  const [state, ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? '' : (fields[18] ?? '')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
