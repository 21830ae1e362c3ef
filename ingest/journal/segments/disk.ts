import { constants, type FileHandle, mkdir, open, rename, rm, statfs } from 'node:fs/promises'

/** An open file. Positions and lengths are bytes; every verb throws Node's system errors (ENOSPC, EIO). */
export interface DiskFile {
  /** Writes all chunks at the position, or throws with an unknown part of them written. */
  write(chunks: readonly Uint8Array[], position: number): Promise<void>
  /** fdatasync. After a failure nothing written since the last success may be believed, whatever a retry says. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
}

/** Everything that changes the disk, so that a test can fail any one call or take a crash's picture between two of them. */
export interface Disk {
  open(path: string, mode: 'create' | 'existing'): Promise<DiskFile>
  makeDirectory(path: string): Promise<void>
  syncDirectory(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Removes a file or a whole directory; no error when it is not there. */
  remove(path: string): Promise<void>
  freeBytes(path: string): Promise<number>
}

/** One writev takes at most IOV_MAX (1024) buffers. */
const chunksPerWrite = 512

class NodeFile implements DiskFile {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  async write(chunks: readonly Uint8Array[], position: number): Promise<void> {
    let at = position
    for (let first = 0; first < chunks.length; first += chunksPerWrite) {
      at = await this.#writeSome(chunks.slice(first, first + chunksPerWrite), at)
    }
  }

  async #writeSome(chunks: readonly Uint8Array[], position: number): Promise<number> {
    let rest = chunks.filter((chunk) => chunk.length > 0)
    let at = position
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, at)
      at += bytesWritten
      rest = withoutBytes(rest, bytesWritten)
    }
    return at
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  truncate(bytes: number): Promise<void> {
    return this.#handle.truncate(bytes)
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** What is left of the chunks after a short write. */
function withoutBytes(chunks: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written
  const rest: Uint8Array[] = []
  for (const chunk of chunks) {
    if (skip >= chunk.length) skip -= chunk.length
    else {
      rest.push(skip === 0 ? chunk : chunk.subarray(skip))
      skip = 0
    }
  }
  return rest
}

/** The real disk. */
export const nodeDisk: Disk = {
  async open(path, mode) {
    const create = constants.O_CREAT | constants.O_EXCL
    return new NodeFile(await open(path, constants.O_RDWR | (mode === 'create' ? create : 0), 0o640))
  },
  async makeDirectory(path) {
    await mkdir(path, { recursive: true, mode: 0o750 })
  },
  async syncDirectory(path) {
    const handle = await open(path, constants.O_RDONLY)
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  async freeBytes(path) {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  },
}
