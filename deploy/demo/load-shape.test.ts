import { describe, expect, it } from 'vitest'
import { shoppersPerS } from './load-shape.ts'

const hour = Array.from({ length: 60 }, (_, minute) => minute * 60_000)

describe('load shape', () => {
  it('keeps a steady hour within a fifth of six shoppers per second', () => {
    const rates = hour.map((atMs) => shoppersPerS('steady', atMs))
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(4.8)
    expect(Math.max(...rates)).toBeLessThanOrEqual(7.2)
  })

  it('gives a spiky hour three eightfold minutes and twelve threefold ones', () => {
    const rates = hour.map((atMs) => shoppersPerS('spiky', atMs))
    expect(rates.filter((rate) => rate === 48)).toHaveLength(3)
    expect(rates.filter((rate) => rate === 18)).toHaveLength(12)
  })
})
