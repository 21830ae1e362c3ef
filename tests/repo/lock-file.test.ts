import { expect, it } from 'vitest'
import { textOf } from './source-files.ts'

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

it('names the optional packages of every platform, else npm ci refuses the lock file on a fresh machine', () => {
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, LockedPackage> }
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name]) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
      )
      .map(([name, version]) => `${path} needs an entry node_modules/${name} ${version}`),
  )
  expect(missing).toEqual([])
})

it('names no registry host', () => {
  expect(textOf('package-lock.json')).not.toMatch(/"resolved": "https?:/)
})
