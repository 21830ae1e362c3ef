import { parseArgs } from 'node:util'
import { adminClient, adminOptions } from '../admin-client.ts'
import type { Command } from '../commands.ts'

interface DeadLetterRow {
  readonly id: string
  readonly rows: number
  readonly bytes: number
  readonly reason: string
  readonly atMs: number
}

const help = `usage: oriel dead-letters list
       oriel dead-letters replay <id>`

export const deadLetters: Command = {
  summary: 'list and replay blocks that the store refused',
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: adminOptions,
    })
    const client = adminClient(values)
    const [action, id] = positionals
    if (action === 'list') {
      const answer = await client.request<{ deadLetters: readonly DeadLetterRow[] }>('GET', '/dead-letters')
      for (const row of answer.deadLetters) {
        const at = new Date(row.atMs).toISOString()
        console.log([row.id, `${row.rows} rows`, `${row.bytes} bytes`, at, row.reason].join('\t'))
      }
      if (answer.deadLetters.length === 0) console.log('no dead letters')
      return 0
    }
    if (action === 'replay' && id !== undefined) {
      await client.request('POST', `/dead-letters/${encodeURIComponent(id)}/replay`)
      console.log(`${id} is back in the journal`)
      return 0
    }
    console.error(help)
    return 2
  },
}
