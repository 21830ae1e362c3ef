import { settingsGroups } from '@oriel/cli'
import { renderConfigReference, renderErrorReference } from '@oriel/core'
import { expect, it } from 'vitest'
import { textOf } from './source-files.ts'

it('keeps the reference pages as the declarations make them (npm run docs)', () => {
  expect(textOf('docs/config.md')).toBe(renderConfigReference(settingsGroups))
  expect(textOf('docs/errors.md')).toBe(renderErrorReference())
})
