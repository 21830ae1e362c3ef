import { schemaVersion as storedVersion, tableColumns } from '@oriel/storage'
import { expect, it } from 'vitest'
import { schemaVersion } from '../table.ts'
import { TableSet } from './table-set.ts'

it('writes blocks of the schema version that the store reads', () => {
  expect(schemaVersion).toBe(storedVersion)
})

it.each(new TableSet().all.map((table) => ({ name: table.name, table })))(
  'names the columns of $name in the order of the schema',
  ({ name, table }) => {
    expect(table.columnNames).toEqual(tableColumns(name).map((column) => column.name))
  },
)
