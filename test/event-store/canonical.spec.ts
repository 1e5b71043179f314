import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { canonicalize } from 'json-canonicalize'
import { canonical } from '../../src/event-store/canonical.js'

const name = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom(
    '10',
    '9',
    '01',
    '-1',
    '',
    'a',
    'B',
    'é',
    '😀',
    '\uffff',
    '__proto__',
    'toString',
  ),
)
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string({ unit: 'binary' }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.oneof(fc.boolean(), fc.constant(null), fc.constant(-0), fc.constant(1e21)),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(name, tie('any'), { maxKeys: 6 }),
  ),
})).any

describe('the canonical bytes', () => {
  test('of whatever can be said in JSON are those of the reference', () => {
    fc.assert(
      fc.property(value, one => {
        expect(canonical(one)).toBe(canonicalize(one))
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    [
      'members in the order of their UTF-16',
      { '\u{1f600}': 1, '\ufb33': 2, é: 3, b: 4, A: 5 },
      '{"A":5,"b":4,"é":3,"\u{1f600}":1,"\ufb33":2}',
    ],
    [
      'members called like integers',
      { 9: 1, 10: 2, a: { 2: 1, 12: 2 } },
      '{"10":2,"9":1,"a":{"12":2,"2":1}}',
    ],
    ['no member that is not there', { b: undefined, a: 1 }, '{"a":1}'],
    ['what lies in a list', [{ b: 1, a: [] }, 3], '[{"a":[],"b":1},3]'],
    [
      'numbers as JavaScript writes them',
      [1e21, 1e-7, -0, 0.1, 333333333.3333333],
      '[1e+21,1e-7,0,0.1,333333333.3333333]',
    ],
  ])('have %s', (_, one, bytes) => {
    expect(canonical(one)).toBe(bytes)
    expect(canonicalize(one)).toBe(bytes)
  })

  test('are the same whether the members were in order or not', () => {
    const inOrder = { a: [1, { c: 2, d: 3 }], b: { x: 'y' } }
    expect(canonical({ b: { x: 'y' }, a: [1, { d: 3, c: 2 }] })).toBe(canonical(inOrder))
    expect(canonical(inOrder)).toBe(JSON.stringify(inOrder))
  })

  test.each([[NaN], [Infinity], [{ a: [NaN] }]])('of %p are not made up', one => {
    expect(() => canonical(one)).toThrow()
  })
})
