import { describe, expect, it } from 'vitest'
import { fieldToSql } from './field-to-sql.ts'
import { parsePredicate } from './parser.ts'
import { SqlParameters } from './sql-parameters.ts'
import { predicateToSql } from './to-sql.ts'

const attributesOnly = { scopeOf: () => 'attribute' as const }

describe('predicateToSql', () => {
  it.each([
    ['', '1', {}],
    ['service = checkout', 'service = {p0:String}', { p0: 'checkout' }],
    ['status in (error, ok)', 'status IN {p0:Array(String)}', { p0: ['error', 'ok'] }],
    ['duration > 500ms', 'duration_ns > {p0:Int64}', { p0: '500000000' }],
    ['http.route = "/cart"', 'attr_str[{p0:String}] = {p1:String}', { p0: 'http.route', p1: '/cart' }],
    [
      'code = 500',
      '(attr_str[{p0:String}] = {p1:String} OR attr_num[{p0:String}] = {p2:Float64})',
      { p0: 'code', p1: '500', p2: '500' },
    ],
    [
      'trace_id = ABCDEF0123456789abcdef0123456789',
      '(trace_id = unhex({p0:String}))',
      { p0: 'abcdef0123456789abcdef0123456789' },
    ],
    [
      'refused',
      '(hasAllTokens(lower(body), {p0:Array(String)}) OR hasAllTokens(lower(name), {p0:Array(String)}) OR hasAllTokens(lower(exception_message), {p0:Array(String)}))',
      { p0: ['refused'] },
    ],
  ] as const)('%s', (text, sql, params) => {
    expect(predicateToSql(parsePredicate(text), attributesOnly)).toEqual({ sql, params })
  })

  it('looks into the resources where a name may be theirs', () => {
    const { sql } = predicateToSql(parsePredicate('resource.region = eu'))
    expect(sql).toBe(
      'resource_id IN (SELECT resource_id FROM resources WHERE tenant = {tenant:String} AND attr_str[{p0:String}] = {p1:String})',
    )
  })

  it.each([
    [
      'code >= 500',
      ['number'],
      '(mapContains(attr_num, {p0:String}) AND attr_num[{p0:String}] >= {p1:Float64})',
    ],
    ['code = 500', ['number'], 'attr_num[{p0:String}] = {p1:Float64}'],
    ['code = 500', ['string'], 'attr_str[{p0:String}] = {p1:String}'],
    ['code = 500', ['boolean'], '0'],
    ['code =~ x', ['string'], 'match(attr_str[{p0:String}], {p1:String})'],
    [
      'code =~ "x*"',
      ['string'],
      '(mapContains(attr_str, {p0:String}) AND match(attr_str[{p0:String}], {p1:String}))',
    ],
    ['code exists', ['string'], 'mapContains(attr_str, {p0:String})'],
    ['code exists', [], '0'],
  ] as const)('%s reads only columns of the types %j', (text, types, sql) => {
    const options = { ...attributesOnly, typesOf: () => types }
    expect(predicateToSql(parsePredicate(text), options).sql).toBe(sql)
  })

  it('lets no text of the user into the SQL', () => {
    const evil = `zzz'"\\\`{zzz`
    const quoted = JSON.stringify(evil)
    const text = `${quoted} = ${quoted} and attr.${quoted} in (${quoted}, zzz) or body contains ${quoted} or ${quoted} or resource.${quoted} =~ "zzz"`
    expect(predicateToSql(parsePredicate(text)).sql).not.toContain('zzz')
    expect(fieldToSql(`attr.${quoted}`).text).not.toContain('zzz')
  })

  it('refuses what the engine would refuse for its length', () => {
    const many = parsePredicate('a=~x '.repeat(499))
    expect(() => predicateToSql(many)).toThrow('exceeds the maximum 200000')
  })

  it('binds several fragments of one statement into one set of parameters', () => {
    const parameters = new SqlParameters('q')
    const first = predicateToSql(parsePredicate('service = a'), { parameters })
    const second = predicateToSql(parsePredicate('name = b or name = a'), { parameters })
    expect(first.sql).toBe('service = {q0:String}')
    expect(second.sql).toBe('(name = {q1:String} OR name = {q0:String})')
    expect(parameters.values).toEqual({ q0: 'a', q1: 'b' })
  })
})
