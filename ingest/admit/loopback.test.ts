import { OrielError } from '@oriel/core'
import { expect, it } from 'vitest'
import { isLoopback, refuseOpenListener } from './loopback.ts'

const loopback = ['127.0.0.1', '127.8.8.8', '::1', '[::1]', 'localhost', 'LOCALHOST']
const open = [
  '0.0.0.0',
  '::',
  '10.0.0.1',
  '127.0.0.1.evil.example',
  '127.1',
  'host.local',
  '',
  '::ffff:10.0.0.1',
]

it.each(loopback)('%s is loopback', (address) => {
  expect(isLoopback(address)).toBe(true)
  refuseOpenListener(address, false)
})

it.each(open)('%j is not, so it needs keys', (address) => {
  expect(isLoopback(address)).toBe(false)
  expect(() => refuseOpenListener(address, false)).toThrow(OrielError)
  expect(() => refuseOpenListener(address, false)).toThrow('oriel keys create')
  refuseOpenListener(address, true)
})
