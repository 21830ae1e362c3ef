import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completionContext } from './completion.ts'

describe('completionContext', () => {
  // the bar is the cursor
  it.each([
    ['|', 'field', '', ''],
    ['ser|', 'field', 'ser', 'ser'],
    ['ser|vice = 1', 'field', 'ser', 'service'],
    ['service |', 'operator', '', ''],
    ['service =|', 'value', '', ''],
    ['service = ch|eck', 'value', 'ch', 'check'],
    ['service = "che|', 'value', 'che', '"che'],
    ['service = "che|ck" and', 'value', 'che', '"check"'],
    ['service:ch|', 'value', 'ch', 'ch'],
    ['service in (a, b|', 'value', 'b', 'b'],
    ['service in (a, |', 'value', '', ''],
    ['service not |', 'operator', '', ''],
    ['service not in (|', 'value', '', ''],
    ['service = a |', 'connective', '', ''],
    ['service exists |', 'connective', '', ''],
    ['service = a and |', 'field', '', ''],
    ['not (|', 'field', '', ''],
    ['(a = 1) |', 'connective', '', ''],
  ] as const)('%s: %s', (marked, kind, typed, replaced) => {
    const cursor = marked.indexOf('|')
    const text = marked.replace('|', '')
    const context = completionContext(text, cursor)
    expect({ kind: context.kind, typed: context.typed }).toEqual({ kind, typed })
    expect(text.slice(context.replace.start, context.replace.end)).toBe(replaced)
  })

  it('names the field and where to look for it', () => {
    const fieldAt = (text: string) => {
      const context = completionContext(text, text.length)
      return context.kind === 'value' || context.kind === 'operator' ? context.field : undefined
    }
    expect(fieldAt('service.name = ')).toEqual({ scope: 'auto', name: 'service.name', intrinsic: 'service' })
    expect(fieldAt('resource.host = ')).toEqual({ scope: 'resource', name: 'host' })
    expect(fieldAt('a = 1 and attr.x ')).toEqual({ scope: 'attribute', name: 'x' })
    expect(fieldAt('timeout http.route ')).toEqual({ scope: 'auto', name: 'http.route' })
  })

  it('never throws, whatever the text', () => {
    const pieces = ['a', '=', '(', ')', ',', '"', '\\', ' ', 'not ', 'in ', ':', 'attr.', '🎉']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), fc.nat(20), (parts, at) => {
        const text = parts.join('')
        const cursor = Math.min(at, text.length)
        const { replace } = completionContext(text, cursor)
        expect(replace.start).toBeLessThanOrEqual(cursor)
        expect(replace.end).toBeGreaterThanOrEqual(cursor)
        expect(replace.end).toBeLessThanOrEqual(text.length)
      }),
      { seed: 3, numRuns: 3000 },
    )
  })
})
