import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Block, BlockGroup, Clock, ErrorCode } from '@oriel/core'
import { OrielError } from '@oriel/core'
import type { RefusedBlock } from '../journal/refused-block.ts'
import { type Disk, nodeDisk } from '../journal/segments/disk.ts'
import { writeDurably } from '../journal/segments/durable-file.ts'

/** What is known of one refused block; its bytes lie beside it, as they were. */
export interface DeadLetter extends Omit<Block, 'bytes'> {
  readonly id: string
  readonly code: ErrorCode
  readonly message: string
  readonly rangeId: string
  readonly bytes: number
  readonly refusedAtMs: number
  /** `replaying`: a replay began and its end is not known, so the block may be in the journal already. */
  readonly state: 'refused' | 'replaying'
}

export interface ReplayResult {
  readonly replayed: readonly string[]
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
}

export interface DeadLettersOptions {
  readonly directory: string
  readonly clock: Clock
  readonly disk?: Disk
}

export interface ReplayOptions {
  /** Which letters; undefined: all. */
  readonly ids?: readonly string[]
  /** `doubtful` also takes letters whose earlier replay was cut off, at the risk of storing them twice. */
  readonly take?: 'certain' | 'doubtful'
}

/** The dead-letter folder: one `.native` file with the original bytes and one `.json` per refused block. */
export class DeadLetters {
  readonly #directory: string
  readonly #clock: Clock
  readonly #disk: Disk

  constructor({ directory, clock, disk = nodeDisk }: DeadLettersOptions) {
    this.#directory = directory
    this.#clock = clock
    this.#disk = disk
  }

  /** Resolves when the block is kept durably. The same block of the same range is kept once. */
  async add({ block, code, message, rangeId }: RefusedBlock): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o750 })
    const { bytes, ...about } = block
    const id = `${rangeId.replaceAll(':', '-')}-${block.table}-${block.blockId}`
    const refusedAtMs = this.#clock.nowMs()
    await writeDurably(this.#disk, this.#path(id, 'native'), [bytes])
    const letter = { id, code, message, rangeId, refusedAtMs, state: 'refused', bytes: bytes.length } as const
    await this.#write({ ...about, ...letter })
  }

  /** Oldest first; empty when nothing was ever refused. */
  async list(): Promise<readonly DeadLetter[]> {
    const names = await readdir(this.#directory).catch(() => [])
    const letters: DeadLetter[] = []
    for (const name of names.filter((of) => of.endsWith('.json'))) {
      letters.push(parseLetter(await readFile(join(this.#directory, name), 'utf8')))
    }
    return letters.sort((a, b) => a.refusedAtMs - b.refusedAtMs || (a.id < b.id ? -1 : 1))
  }

  /** Appends letters to the journal again, each as a group of its own, and drops those that are durable there. */
  async replay(journal: JournalAppend, options: ReplayOptions = {}): Promise<ReplayResult> {
    const { ids, take = 'certain' } = options
    const letters = await this.list()
    const unknown = ids?.find((id) => !letters.some((letter) => letter.id === id))
    if (unknown !== undefined) throw new OrielError('not_found', `there is no dead letter ${unknown}`)
    const replayed: string[] = []
    const skipped: { id: string; reason: string }[] = []
    for (const letter of letters.filter(({ id }) => ids === undefined || ids.includes(id))) {
      const reason = reasonToSkip(letter, take)
      if (reason === undefined) {
        await this.#replayOne(letter, journal)
        replayed.push(letter.id)
      } else skipped.push({ id: letter.id, reason })
    }
    return { replayed, skipped }
  }

  async #replayOne(letter: DeadLetter, journal: JournalAppend): Promise<void> {
    const { table, schemaVersion, blockId, rows } = letter
    const bytes = await readFile(this.#path(letter.id, 'native'))
    await this.#write({ ...letter, state: 'replaying' })
    try {
      await journal.append({ blocks: [{ table, schemaVersion, blockId, rows, bytes }], requests: [] })
    } catch (error) {
      await this.#write(letter)
      throw error
    }
    await this.#disk.remove(this.#path(letter.id, 'json'))
    await this.#disk.remove(this.#path(letter.id, 'native'))
    await this.#disk.syncDirectory(this.#directory)
  }

  async #write(letter: DeadLetter): Promise<void> {
    await writeDurably(this.#disk, this.#path(letter.id, 'json'), [
      Buffer.from(JSON.stringify(letter, undefined, 2)),
    ])
  }

  #path(id: string, extension: 'json' | 'native'): string {
    return join(this.#directory, `${id}.${extension}`)
  }
}

interface JournalAppend {
  append(group: BlockGroup): Promise<void>
}

function reasonToSkip(letter: DeadLetter, take: 'certain' | 'doubtful'): string | undefined {
  if (letter.code === 'corrupt') return 'its bytes do not match their check sum'
  if (letter.state === 'replaying' && take === 'certain')
    return 'an earlier replay was cut off: it may be stored already'
  return undefined
}

/** Only `DeadLetters` writes these files. */
function parseLetter(text: string): DeadLetter {
  return JSON.parse(text) as DeadLetter
}
