import { expect, it } from 'vitest'
import { repositoryFiles, textOf } from './source-files.ts'

const banned = /\b(Date\.now|Math\.random|setTimeout|setInterval)\(|\bnew Date\(\)/

it('reads time and chance only through core/runtime, so that tests can move them', () => {
  const files = repositoryFiles(/^(core|storage|ingest|query|cli)\/.*\.ts$/)
  const wrong = files
    .filter((path) => !/\.test\.ts$|\/testing\/|^core\/runtime\//.test(path))
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index) => (banned.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
    )
  expect(wrong).toEqual([])
})
