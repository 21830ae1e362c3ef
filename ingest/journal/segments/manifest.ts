import { crc32 } from 'node:zlib'
import type { RequestReceipt, TelemetryTable } from '@oriel/core'

/** Where one block lies in its table's file. Offsets and lengths are bytes; the check sum is CRC-32 of the block. */
export interface BlockEntry {
  readonly table: TelemetryTable
  readonly offset: number
  readonly length: number
  readonly checksum: number
  readonly rows: number
  readonly schemaVersion: number
  readonly blockId: string
}

/** One append round: the groups that shared a sync. All of it happened, or none of it. */
export interface ManifestRecord {
  readonly groups: number
  readonly receivedAtMs: number
  readonly blocks: readonly BlockEntry[]
  readonly receipts: readonly RequestReceipt[]
}

const headerBytes = 8
/** Seeds the check sum, so that a run of zeros (what a file system leaves after power loss) is no valid record. */
const seed = 0x4f52494c

/** Length, check sum, JSON. */
export function encodeRecord(record: ManifestRecord): Uint8Array {
  const payload = Buffer.from(JSON.stringify(record))
  const bytes = Buffer.allocUnsafe(headerBytes + payload.length)
  bytes.writeUInt32LE(payload.length, 0)
  bytes.writeUInt32LE(crc32(payload, seed), 4)
  payload.copy(bytes, headerBytes)
  return bytes
}

export interface DecodedManifest {
  readonly records: readonly ManifestRecord[]
  /** What follows was torn by a crash and counts for nothing. */
  readonly validBytes: number
}

/** Reads records up to the first that is short or does not match its check sum. */
export function decodeManifest(bytes: Uint8Array): DecodedManifest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: ManifestRecord[] = []
  let at = 0
  while (at + headerBytes <= bytes.length) {
    const length = view.getUint32(at, true)
    const payload = bytes.subarray(at + headerBytes, at + headerBytes + length)
    if (length === 0 || payload.length < length) break
    if (crc32(payload, seed) !== view.getUint32(at + 4, true)) break
    records.push(parseRecord(payload))
    at += headerBytes + length
  }
  return { records, validBytes: at }
}

/** The check sum vouches for the shape: only `encodeRecord` writes it. */
function parseRecord(payload: Uint8Array): ManifestRecord {
  return JSON.parse(Buffer.from(payload).toString()) as ManifestRecord
}
