import { compileFields, compileIntrinsicValues, compileValues } from '../compile/catalogue.ts'
import { intrinsicField, intrinsicFields } from '../compile/intrinsic-fields.ts'
import type { AttributeValue, FieldInfo, FieldsAnswer, FieldValuesAnswer, TimeRange } from '../contract.ts'
import type { Inquiry } from './reader.ts'

export interface FieldsRequest extends TimeRange {
  readonly prefix?: string | undefined
  readonly limit?: number | undefined
}

interface FieldRow {
  readonly key: string
  readonly key_scope: 'attribute' | 'resource'
  readonly key_type: 'string' | 'number' | 'bool'
  readonly total: string
}

/** Intrinsic fields first, then keys of the catalogue, most seen first. `limit` is for the catalogue's part. */
export async function listFields(inquiry: Inquiry, request: FieldsRequest): Promise<FieldsAnswer> {
  const prefix = request.prefix ?? ''
  const limit = Math.min(request.limit ?? 200, inquiry.settings.pageMax)
  const scoped = /^(attr|resource)\./.exec(prefix)
  const keyPrefix = scoped === null ? prefix : prefix.slice(scoped[0].length)
  const rows = await inquiry.read<FieldRow>(compileFields(inquiry.range(request), keyPrefix, limit + 1))
  if (rows.length > limit) {
    inquiry.cut({ what: 'fields seen less often', limit: `${limit} fields`, advice: 'type more of the name' })
  }
  const intrinsic = intrinsicFields
    .filter((field) => field.name.startsWith(prefix.toLowerCase()))
    .map((field): FieldInfo => ({ name: field.name, scope: 'intrinsic', type: field.type, rows: 0 }))
  const catalogue = rows.slice(0, limit).map(
    (row): FieldInfo => ({
      name: row.key,
      scope: row.key_scope,
      type: row.key_type,
      rows: Number(row.total),
    }),
  )
  return { fields: [...intrinsic, ...catalogue], meta: inquiry.meta() }
}

export interface ValuesRequest extends TimeRange {
  readonly name: string
  readonly prefix?: string | undefined
  readonly service?: string | undefined
  readonly limit?: number | undefined
}

interface ValueRow {
  readonly value: string
  readonly value_type: 'string' | 'number' | 'bool'
  readonly total: string
}

const enumerations: Readonly<Record<string, readonly string[]>> = { status: ['unset', 'ok', 'error'] }

export async function listFieldValues(inquiry: Inquiry, request: ValuesRequest): Promise<FieldValuesAnswer> {
  const range = inquiry.range(request)
  const prefix = request.prefix ?? ''
  const limit = Math.min(request.limit ?? 50, inquiry.settings.pageMax)
  const intrinsic = /^(attr|resource)\./.test(request.name) ? undefined : intrinsicField(request.name)
  const common = { range, prefix, service: request.service, limit }
  if (intrinsic !== undefined) {
    const listed = enumerations[intrinsic.name]
    if (listed !== undefined) {
      const values = listed.filter((value) => value.startsWith(prefix)).map((value) => ({ value, rows: 0 }))
      return { values, highCardinality: false, meta: inquiry.meta() }
    }
    if (intrinsic.listed === undefined) return { values: [], highCardinality: true, meta: inquiry.meta() }
    const rows = await inquiry.read<{ listed: string; total: string }>(
      compileIntrinsicValues(intrinsic, common),
    )
    const values = rows.map((row) => ({ value: row.listed, rows: Number(row.total) }))
    return { values, highCardinality: false, meta: inquiry.meta() }
  }
  const scope = request.name.startsWith('resource.') ? 'resource' : 'attribute'
  const key = request.name.replace(/^(attr|resource)\./, '')
  const rows = await inquiry.read<ValueRow>(compileValues({ ...common, key, scope }))
  const keyRows = rows.filter((row) => row.value === '').reduce((sum, row) => sum + Number(row.total), 0)
  const listed = rows.filter((row) => row.value !== '')
  const listedRows = listed.reduce((sum, row) => sum + Number(row.total), 0)
  const values = listed.slice(0, limit).map((row) => ({ value: typedValue(row), rows: Number(row.total) }))
  // with a prefix, or a page cut off, the sums cannot be compared
  const complete = prefix === '' && listed.length <= limit
  return { values, highCardinality: complete && listedRows < keyRows, meta: inquiry.meta() }
}

function typedValue(row: ValueRow): AttributeValue {
  if (row.value_type === 'bool') return row.value === 'true' || row.value === '1'
  if (row.value_type === 'number' && Number.isFinite(Number(row.value))) return Number(row.value)
  return row.value
}
