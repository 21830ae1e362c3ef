/** `npm run -s bench -- <name> [--json] [--seconds n] [--spans n]`: figures as a table, or one JSON object on the last line. */
import { parseArgs } from 'node:util'
import { benchDirectory } from './bench-directory.ts'

export interface BenchOptions {
  readonly seconds: number
  readonly spans: number
  readonly directory: string
}

type Bench = (options: BenchOptions) => Promise<Readonly<Record<string, number>>>

const benches: Readonly<Record<string, () => Promise<{ run: Bench }>>> = {
  decode: () => import('./decode.ts'),
  ingest: () => import('./ingest.ts'),
  visible: () => import('./visible.ts'),
  query: () => import('./query.ts'),
  storage: () => import('./storage.ts'),
  start: () => import('./start.ts'),
  page: () => import('./page.ts'),
  smoke: () => import('./smoke.ts'),
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    spans: { type: 'string', default: '10000000' },
  },
})
const [name = ''] = positionals
const load = benches[name]
if (load === undefined) {
  console.error(
    `usage: npm run -s bench -- ${Object.keys(benches).join('|')} [--json] [--seconds n] [--spans n]`,
  )
  process.exitCode = 2
} else {
  const { run } = await load()
  const figures = await run({
    seconds: Number(values.seconds),
    spans: Number(values.spans),
    directory: benchDirectory(),
  })
  if (values.json) console.log(JSON.stringify(figures))
  else for (const [key, value] of Object.entries(figures)) console.log(`${key.padEnd(32)}${value}`)
  process.exit()
}
