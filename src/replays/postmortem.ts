import { createHash } from 'node:crypto'
import type { Name } from '../decider/facet.js'
import { type InParts, whole } from './in-parts.js'
import type { StreamEvent } from './incident-at.js'
import { type PostmortemFacts, backgroundOf, postmortemFacts } from './postmortem-facts.js'
import { postmortemMarkdown } from './postmortem-markdown.js'
import { summary } from './summary.js'

/** What happened, whole; the fields are those of the SDL, people as ids. */
export interface Postmortem extends PostmortemFacts {
  readonly rendererVersion: number
  /** Of `markdown` as UTF-8, in hex. */
  readonly sha256: string
  readonly summary: string
  readonly markdown: string
}

/** Raised with every change of a word or a line that a postmortem is rendered in. */
export const rendererVersion = 1

/** The same events and the same names give the same bytes, at any time and on any machine. */
export const postmortem = (events: readonly StreamEvent[], name: Name): Postmortem =>
  whole(postmortemInParts(events, name))

export function* postmortemInParts(
  events: readonly StreamEvent[],
  name: Name,
): InParts<Postmortem> {
  const background = yield* backgroundOf(events)
  const facts = yield* postmortemFacts(background, name)
  const said = summary(facts, background, name)
  const markdown = yield* postmortemMarkdown(
    { ...facts, summary: said, rendererVersion },
    background,
    name,
  )
  const sha256 = createHash('sha256').update(markdown).digest('hex')
  return { ...facts, rendererVersion, sha256, summary: said, markdown }
}
