import { Rejected } from '../decider/facet.js'

/** One word of a text as it is searched, and where in the text it stands. */
interface Word {
  readonly folded: string
  readonly from: number
  readonly to: number
}

/** What is searched: all parts must be there; each is words in a row, the last perhaps only begun. */
export interface Part {
  readonly words: readonly string[]
  readonly isPrefix: boolean
}

const queryLengthMax = 200
/** More would make one search as dear as many. */
const wordsMax = 12
/** A shorter beginning begins too much. */
const prefixLengthMin = 2

/** Scripts that put no spaces between words: each character is one, so that any run of them is found. */
const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]`
const word = new RegExp(
  String.raw`${unspaced}\p{M}*|(?:(?!${unspaced})[\p{L}\p{N}\p{Co}]\p{M}*)+`,
  'gu',
)

/**
 * Without case and without accents: `Überlauf` is found as `uberlauf`. A ligature may come apart into
 * spaces and signs too, which would make several words of one.
 */
const folded = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}\p{Co}]/gu, '')
    .toLowerCase()

/** The words of a text, in their order. */
export const wordsOf = (text: string): Word[] =>
  [...text.matchAll(word)]
    .map(({ 0: found, index }) => ({
      folded: folded(found),
      from: index,
      to: index + found.length,
    }))
    .filter(({ folded }) => folded !== '')

/** As the index takes it. */
export const indexed = (text: string) =>
  // Most texts are plain, and then this comes to the same at a fraction of the cost.
  isAscii.test(text)
    ? text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim()
    : wordsOf(text)
        .map(({ folded }) => folded)
        .join(' ')

const isAscii = /^[\t-~]*$/

/**
 * What somebody searches: words, `"words in a row"` and `begin*`; every other character is text between
 * words. Throws `Rejected('INVALID_INPUT')`.
 */
export function partsOf(query: string): Part[] {
  if (query.length > queryLengthMax)
    throw invalid(`A search has at most ${queryLengthMax} characters.`)
  const parts = [...query.matchAll(/"([^"]*)"?(\*?)|([^\s"]+)/g)].flatMap(
    ([, phrase, star, plain]) => {
      const words = wordsOf(phrase ?? plain!).map(({ folded }) => folded)
      const isPrefix = phrase === undefined ? plain!.endsWith('*') : star === '*'
      return words.length === 0 ? [] : [{ words, isPrefix }]
    },
  )
  const count = parts.reduce((sum, { words }) => sum + words.length, 0)
  if (count === 0) throw invalid('There is no word to search for.')
  if (count > wordsMax) throw invalid(`A search has at most ${wordsMax} words.`)
  if (parts.some(({ words, isPrefix }) => isPrefix && words.at(-1)!.length < prefixLengthMin))
    throw invalid(`A beginning has at least ${prefixLengthMin} characters.`)
  return parts
}

const invalid = (message: string) => new Rejected('INVALID_INPUT', message, { fields: ['query'] })

/** As FTS5 reads it; words are nothing but letters and digits, and quoted all the same. */
export const matching = (parts: readonly Part[]) =>
  parts.map(({ words, isPrefix }) => `"${words.join(' ')}"${isPrefix ? '*' : ''}`).join(' AND ')

/** Where the parts stand in a text, from first to last, none within another. */
export function found(text: string, parts: readonly Part[]): { from: number; to: number }[] {
  const words = wordsOf(text)
  const hits: { from: number; to: number }[] = []
  for (let i = 0; i < words.length; i++) {
    const length = Math.max(0, ...parts.map(part => (isAt(words, i, part) ? part.words.length : 0)))
    if (length === 0) continue
    hits.push({ from: words[i]!.from, to: words[i + length - 1]!.to })
    i += length - 1
  }
  return hits
}

const isAt = (words: readonly Word[], at: number, { words: parts, isPrefix }: Part) =>
  parts.every((part, n) => {
    const folded = words[at + n]?.folded
    return isPrefix && n === parts.length - 1 ? folded?.startsWith(part) : folded === part
  })

/** A piece of a text, and whether it is what was searched. */
export interface Piece {
  readonly text: string
  readonly isMatch: boolean
}

/** Characters before the first match, and in all. */
const lead = 40
const snippetLength = 200

/** Some of a text around what was searched, in pieces; `…` where it is cut. */
export function snippet(text: string, parts: readonly Part[]): Piece[] {
  const hits = found(text, parts)
  const start = clean(text, Math.max(0, (hits[0]?.from ?? 0) - lead))
  const end = clean(text, Math.min(text.length, start + snippetLength))
  const pieces: Piece[] = []
  let at = start
  const take = (to: number, isMatch: boolean) => {
    if (to > at) pieces.push({ text: text.slice(at, to), isMatch })
    at = Math.max(at, to)
  }
  if (start > 0) pieces.push({ text: '…', isMatch: false })
  for (const { from, to } of hits.filter(({ from }) => from < end)) {
    take(from, false)
    take(Math.min(to, end), true)
  }
  take(end, false)
  if (end < text.length) pieces.push({ text: '…', isMatch: false })
  return pieces
}

/** Never between the halves of one character. */
const clean = (text: string, at: number) =>
  /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1))
    ? at - 1
    : at
