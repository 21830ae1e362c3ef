import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { repositoryFiles, root, textOf } from './source-files.ts'

const folders = 'core|storage|ingest|query|web|cli|tests|deploy|docs'

it('names only paths that exist in its documents', () => {
  const documents = repositoryFiles(/^[A-Z]+\.md$|^docs\/.*\.md$/)
  const wrong = documents.flatMap((document) =>
    [...textOf(document).matchAll(new RegExp(`\`((?:${folders})/[\\w./\\[\\]-]*)\``, 'g'))]
      .map((match) => match[1] ?? '')
      .filter((path) => !existsSync(root + path))
      .map((path) => `${document} names ${path}, which does not exist`),
  )
  expect(documents.length).toBeGreaterThan(3)
  expect(wrong).toEqual([])
})
