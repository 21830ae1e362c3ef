import type { KeyVerifier, VerifiedKey } from '../api/access.ts'
import type { ApiPorts, KeyInfo, RequestEvent } from '../api/ports.ts'

/** Ports in memory: real enough to create a key, use it and revoke it. */
export interface MemoryPorts extends ApiPorts {
  readonly keys: KeyVerifier
  readonly emitted: RequestEvent[]
}

export function memoryPorts(): MemoryPorts {
  const known = new Map<string, VerifiedKey & { info: KeyInfo }>()
  const emitted: RequestEvent[] = []
  return {
    emitted,
    keys: {
      verify: async (secret) => {
        const key = known.get(secret)
        return key === undefined || key.info.revokedAtMs !== undefined ? undefined : key
      },
    },
    keyAdmin: {
      create: async ({ name, tenant, scopes }) => {
        const keyId = `key-${known.size + 1}`
        const secret = `secret-${known.size + 1}`
        const info: KeyInfo = { keyId, name, tenant, scopes, createdAtMs: 0, revokedAtMs: undefined }
        known.set(secret, { keyId, tenant, scopes, info })
        return { ...info, secret }
      },
      list: async () => [...known.values()].map((key) => key.info),
      revoke: async (keyId) => {
        const key = [...known.values()].find((candidate) => candidate.keyId === keyId)
        if (key === undefined) return false
        key.info = { ...key.info, revokedAtMs: 1 }
        return true
      },
    },
    deadLetters: {
      list: async () => [{ id: 'letter-1', reason: 'store_refused', atMs: 1, rows: 2, bytes: 3 }],
      replay: async (id) => id === 'letter-1',
    },
    requestEvents: { emit: (event) => emitted.push(event) },
    ingest: {
      journal: () => ({ bytes: 0, bytesMax: 1, rows: 0, oldestReceivedAtMs: undefined }),
      deadLetterCount: async () => 1,
      diskFreeBytes: async () => 1,
    },
    health: () => ({ status: 'ready', version: '0.1.0', reasons: [] }),
  }
}
