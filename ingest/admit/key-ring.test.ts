import { ManualClock } from '@oriel/core/testing'
import { expect, it } from 'vitest'
import { KeyRing, type VerifiedKey } from './key-ring.ts'

const key: VerifiedKey = { tenant: 'acme', scopes: ['ingest'], keyId: 'k' }

function ring(answers: (VerifiedKey | undefined | Error)[], required = true) {
  const clock = new ManualClock()
  const verify = async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  }
  return { clock, keys: new KeyRing({ verifier: { verify }, required, cacheMs: 1000, clock }) }
}

it('trusts a verified key for the time of the cache, and a revoked one no longer', async () => {
  const { clock, keys } = ring([key, undefined])
  expect(await keys.tenantOf('Bearer a')).toBe('acme')
  await clock.advance(999)
  expect(await keys.tenantOf('Bearer a')).toBe('acme')
  await clock.advance(1)
  await expect(keys.tenantOf('Bearer a')).rejects.toMatchObject({ code: 'unauthenticated' })
})

it('does not remember an outage of the key store', async () => {
  const { keys } = ring([new Error('down'), key])
  await expect(keys.tenantOf('Bearer a')).rejects.toThrow('down')
  expect(await keys.tenantOf('Bearer a')).toBe('acme')
})

it('lets senders without a key into the default tenant on loopback, but not with a wrong one', async () => {
  const { keys } = ring([undefined], false)
  expect(await keys.tenantOf(undefined)).toBe('default')
  await expect(keys.tenantOf('Bearer wrong')).rejects.toMatchObject({ code: 'unauthenticated' })
})
