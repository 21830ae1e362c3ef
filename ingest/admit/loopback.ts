import { isIP } from 'node:net'
import { OrielError } from '@oriel/core'

/** 127.0.0.0/8, ::1 and the name localhost. Any other name may resolve elsewhere, so it is not. */
export function isLoopback(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (bare === 'localhost' || bare === '::1') return true
  return isIP(bare) === 4 && bare.startsWith('127.')
}

/** A process that anyone on the network could write to must not start: throws config_invalid and says how to set it. */
export function refuseOpenListener(address: string, hasKeys: boolean): void {
  if (hasKeys || isLoopback(address)) return
  throw new OrielError(
    'config_invalid',
    `refusing to listen on ${address} without API keys: create one with "oriel keys create --name sender --scopes ingest", or listen on 127.0.0.1`,
    { details: { address } },
  )
}
