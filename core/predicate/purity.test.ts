import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('the predicate language runs in a browser: it imports re2js and pure files of core only', () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  expect(files.length).toBeGreaterThan(15)
  const imports = files.flatMap((name) => {
    const source = readFileSync(join(import.meta.dirname, name), 'utf8')
    return [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1])
  })
  const foreign = imports.filter((from) => from !== undefined && !from.startsWith('./'))
  expect(new Set(foreign)).toEqual(
    new Set(['re2js', '../model/fields.ts', '../runtime/error.ts', '../runtime/near-miss.ts']),
  )
})
