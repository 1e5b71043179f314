import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown } from 'mdast-util-to-markdown'
import type {
  Definition,
  Heading,
  List,
  Paragraph,
  PhrasingContent,
  RootContent,
  Table,
} from 'mdast'
import type { InParts } from './in-parts.js'

/**
 * Words of users go in as text nodes only, and the serialiser escapes them: whatever they hold,
 * they come out as words. `~` is not CommonMark's but strikes through elsewhere.
 */
const said = (children: RootContent[]): string =>
  toMarkdown(
    { type: 'root', children },
    {
      bullet: '-',
      emphasis: '_',
      listItemIndent: 'one',
      rule: '-',
      tightDefinitions: true,
      extensions: [gfmTableToMarkdown({ tablePipeAlign: false })],
      unsafe: [{ character: '~', inConstruct: 'phrasing' }],
    },
  )

/** Of a long list, so many items are said at a time: that takes some milliseconds. */
const itemsMax = 50

/** The same bytes as if all were said at once. */
export function* rendered(children: readonly RootContent[]): InParts<string> {
  let text = ''
  for (const [number, child] of children.entries()) {
    if (number > 0) text += areDefinitions(children[number - 1]!, child) ? '' : '\n'
    for (const part of partsOf(child)) {
      text += said([part])
      yield
    }
  }
  return text
}

/** As `tightDefinitions` says them. */
const areDefinitions = (...both: RootContent[]) => both.every(({ type }) => type === 'definition')

/** The numbers of an ordered list go on from its first item. */
function* partsOf(child: RootContent): Generator<RootContent> {
  if (child.type !== 'list' || child.ordered) return yield child
  for (let from = 0; from < child.children.length; from += itemsMax)
    yield { ...child, children: child.children.slice(from, from + itemsMax) }
}

export const heading = (depth: 1 | 2 | 3, words: string): Heading => ({
  type: 'heading',
  depth,
  children: [line(words)],
})

export const paragraph = (...children: PhrasingContent[]): Paragraph => ({
  type: 'paragraph',
  children,
})

/** In one line, as headings and table cells need it. */
export const line = (words: string): PhrasingContent => ({
  type: 'text',
  value: linesOf(words).join(' / '),
})

/** With its line breaks. */
export const prose = (words: string): PhrasingContent[] =>
  linesOf(words).flatMap((value, index): PhrasingContent[] => [
    ...(index > 0 ? [{ type: 'break' } as const] : []),
    { type: 'text', value },
  ])

export const strong = (words: string): PhrasingContent => ({
  type: 'strong',
  children: [line(words)],
})
export const emphasis = (words: string): PhrasingContent => ({
  type: 'emphasis',
  children: [line(words)],
})
/** To an address that `definition` gives under that number; raw text stays readable so. */
export const reference = (number: number, words: string | null): PhrasingContent => ({
  type: 'linkReference',
  identifier: String(number),
  label: String(number),
  referenceType: words === null ? 'shortcut' : 'full',
  children: [line(words ?? String(number))],
})
export const definition = (number: number, url: string): Definition => ({
  type: 'definition',
  identifier: String(number),
  label: String(number),
  url,
})
export const link = (url: string): PhrasingContent => ({
  type: 'link',
  url,
  children: [{ type: 'text', value: url }],
})

export const list = (items: readonly (readonly PhrasingContent[])[], ordered = false): List => ({
  type: 'list',
  ordered,
  spread: false,
  children: items.map(children => ({
    type: 'listItem',
    spread: false,
    children: [paragraph(...children)],
  })),
})

/** Of words: the first row is the head. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): Table => ({
  type: 'table',
  children: [head, ...rows].map(cells => ({
    type: 'tableRow',
    children: cells.map(words => ({ type: 'tableCell', children: [line(words)] })),
  })),
})

/** Control characters have no place on a page; Unicode's own line ends are line ends. */
const linesOf = (words: string) =>
  words
    .split(/[\n\v\f\r\u0085\u2028\u2029]+/u)
    .map(one => one.replace(/\p{Cc}+/gu, ' ').trim())
    .filter(Boolean)
