import { startFixtureServer } from './fixture-server.ts'

const { url } = await startFixtureServer(4410)
process.stdout.write(`${url}\n`)
