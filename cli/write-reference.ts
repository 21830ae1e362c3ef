/** Writes docs/config.md and docs/errors.md from the declarations; `npm run docs`. A test holds the files to them. */
import { writeFileSync } from 'node:fs'
import { renderConfigReference, renderErrorReference } from '@oriel/core'
import { settingsGroups } from './config.ts'

const docs = new URL('../docs/', import.meta.url)
writeFileSync(new URL('config.md', docs), renderConfigReference(settingsGroups))
writeFileSync(new URL('errors.md', docs), renderErrorReference())
