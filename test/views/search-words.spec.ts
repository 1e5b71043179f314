import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Rejected } from '../../src/decider/facet.js'
import {
  found,
  indexed,
  matching,
  partsOf,
  snippet,
  wordsOf,
} from '../../src/views/search-words.js'

describe('the words of a text', () => {
  test.each([
    ['Errors rise: 40 %', 'errors rise 40'],
    ['Überlauf im Café', 'uberlauf im cafe'],
    // As a Mac writes it: the accents are characters of their own.
    ['U\u0308berlauf', 'uberlauf'],
    ['ΑΘΗΝΑ Москва', 'αθηνα москва'],
    ['データベース障害', 'テ ー タ ヘ ー ス 障 害'],
    ['数据库down', '数 据 库 down'],
    ['checkout-api_v2', 'checkout api v2'],
    ["it's __proto__", 'it s proto'],
    ['🔥 ☃ \n', ''],
    // A ligature of accents alone, which come apart with a space; a fraction with its stroke.
    ['\ufc5e\ua000 \ufc5e ½', '\ua000 12'],
  ])('%j are %j', (text, words) => expect(indexed(text)).toBe(words))
})

test('a plain text has the words that any text has', () =>
  fc.assert(
    fc.property(fc.string(), text => {
      expect(indexed(text)).toBe(
        wordsOf(text)
          .map(({ folded }) => folded)
          .join(' '),
      )
    }),
  ))

describe('what somebody searches', () => {
  test.each([
    ['lock waits', '"lock" AND "waits"'],
    ['"lock waits" rise', '"lock waits" AND "rise"'],
    ['lock*', '"lock"*'],
    ['"lock wa"*', '"lock wa"*'],
    ['checkout-ap*', '"checkout ap"*'],
    ['"never closed', '"never closed"'],
    [
      'a OR b NOT (c) NEAR/2 d^2 titles:x',
      '"a" AND "or" AND "b" AND "not" AND "c" AND "near 2" AND "d 2" AND "titles x"',
    ],
    ['\'; drop table x -- "" * **', '"drop" AND "table" AND "x"'],
    ['数据库', '"数 据 库"'],
  ])('%j is asked as %j', (query, asked) => expect(matching(partsOf(query))).toBe(asked))

  test.each([
    ['', 'nothing'],
    ['  "" * !', 'nothing that is a word'],
    ['x'.repeat(201), 'too much'],
    ['a b c d e f g h i j k l m', 'too many words'],
    ['a*', 'a beginning of one letter'],
  ])('%j is refused: %s', query => {
    expect(() => partsOf(query)).toThrow(Rejected)
    expect(() => partsOf(query)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('a snippet', () => {
  const shown = (text: string, query: string) =>
    snippet(text, partsOf(query))
      .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
      .join('')
  test.each([
    ['Lock waits rise', 'waits lock', '[Lock] [waits] rise'],
    ['Lock waits rise', '"lock waits"', '[Lock waits] rise'],
    ['Überläufe, überall', 'ube*', '[Überläufe], [überall]'],
    ['数据库宕机', '据库', '数[据库]宕机'],
    ['<b>lock</b>', 'lock', '<b>[lock]</b>'],
  ])('of %j for %j is %j', (text, query, is) => expect(shown(text, query)).toBe(is))

  test('is cut around the first match', () => {
    const text = `${'a '.repeat(100)}lock${' b'.repeat(200)}`
    const is = shown(text, 'lock')
    expect(is).toMatch(/^….{40}\[lock\] b.* b?…$/)
    expect(is.length).toBeLessThan(206)
  })

  test('is always some of the text, and its matches are the words that were searched', () =>
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
        fc.nat(),
        (text, n) => {
          const words = indexed(text).split(' ').filter(Boolean)
          const word = words[n % words.length]
          if (!word || word.length > 150) return
          const parts = [{ words: [word], isPrefix: false }]
          const pieces = snippet(text, parts)
          expect(text).toContain(
            pieces
              .map(({ text }) => text)
              .join('')
              .replace(/^…|…$/g, ''),
          )
          expect(found(text, parts).length).toBeGreaterThan(0)
          for (const { text: piece } of pieces)
            expect(piece.isWellFormed()).toBe(text.isWellFormed())
        },
      ),
      { numRuns: 300 },
    ))
})
