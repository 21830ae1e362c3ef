import { parseArgs } from 'node:util'
import { adminClient, adminOptions } from '../admin-client.ts'
import type { Command } from '../commands.ts'

interface KeyRow {
  readonly keyId: string
  readonly name: string
  readonly tenant: string
  readonly scopes: readonly string[]
  readonly createdAtMs: number
  readonly revokedAtMs?: number
}

const help = `usage: oriel keys create --name <name> [--scopes ingest,read,admin] [--tenant default]
       oriel keys list
       oriel keys revoke <id>`

export const keys: Command = {
  summary: 'create, list and revoke API keys',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...adminOptions,
        name: { type: 'string' },
        scopes: { type: 'string', default: 'ingest' },
        tenant: { type: 'string', default: 'default' },
      },
    })
    const client = adminClient(values)
    const [action, id] = positionals
    if (action === 'create' && values.name !== undefined) {
      const { name, tenant } = values
      const created = await client.request<KeyRow & { readonly secret: string }>('POST', '/keys', {
        name,
        tenant,
        scopes: values.scopes.split(','),
      })
      console.log(
        `${created.secret}\n\nThis is key ${created.keyId}. It is shown only now; only its hash is stored.`,
      )
      return 0
    }
    if (action === 'list') {
      const { keys: rows } = await client.request<{ keys: readonly KeyRow[] }>('GET', '/keys')
      for (const row of rows) console.log(describe(row))
      if (rows.length === 0) console.log('no keys')
      return 0
    }
    if (action === 'revoke' && id !== undefined) {
      await client.request('DELETE', `/keys/${encodeURIComponent(id)}`)
      console.log(`key ${id} is revoked`)
      return 0
    }
    console.error(help)
    return 2
  },
}

function describe(key: KeyRow): string {
  const state =
    key.revokedAtMs === undefined ? 'in force' : `revoked ${new Date(key.revokedAtMs).toISOString()}`
  return [key.keyId, key.name, key.tenant, key.scopes.join(','), state].join('\t')
}
