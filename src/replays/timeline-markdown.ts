import type { BlockContent, PhrasingContent, RootContent } from 'mdast'
import type { Shown } from './evidence.js'
import { definition, emphasis, heading, link, list, prose, reference, strong } from './markdown.js'
import { day, time, timeFrom, timed } from './said-times.js'
import type { TimelineEntry } from './timeline.js'

/** Every address once, by the number that the timeline gives it. */
export type Numbers = ReadonlyMap<string, number>

export function evidenceNumbers(entries: readonly TimelineEntry[]): Numbers {
  const urls = new Set(entries.flatMap(({ evidence }) => evidence.map(({ url }) => url)))
  return new Map([...urls].map((url, index) => [url, index + 1]))
}

/** As a list, for readers of paper, and as definitions, for the numbers in the timeline to be links. */
export const evidenceBlocks = (numbers: Numbers): RootContent[] =>
  numbers.size === 0
    ? []
    : [
        list(
          [...numbers.keys()].map(url => [link(url)]),
          true,
        ),
        ...[...numbers].map(([url, number]) => definition(number, url)),
      ]

/** A list and no table: people write several lines, and the reader looks for the time. A day has a heading. */
export function timelineBlocks(
  entries: readonly TimelineEntry[],
  numbers: Numbers,
): BlockContent[] {
  const days = new Map<string, TimelineEntry[]>()
  for (const entry of entries) {
    const on = days.get(day(entry.at))
    if (on) on.push(entry)
    else days.set(day(entry.at), [entry])
  }
  return [...days].flatMap(([on, told]) => [
    heading(3, on),
    list(told.map(entry => item(entry, numbers))),
  ])
}

const item = (entry: TimelineEntry, numbers: Numbers): PhrasingContent[] => [
  entry.timing === 'UNKNOWN' ? emphasis(when(entry)) : strong(when(entry)),
  { type: 'text', value: ' ' },
  ...prose(entry.sentence),
  ...shown(entry.evidence, numbers),
  ...mark(entry.correction === 'CORRECTED', 'corrected'),
  ...mark(entry.late, `recorded late, ${timeFrom(entry.at, entry.recordedAt)}`),
]

function when({ at, timing, occurredUntil }: TimelineEntry): string {
  const until = occurredUntil === null ? '' : ` until ${timeFrom(at, occurredUntil)}`
  return `${timed(time(at), timing)}${until}`
}

const mark = (applies: boolean, words: string): PhrasingContent[] =>
  applies ? [{ type: 'text', value: ' ' }, emphasis(`(${words})`)] : []

const shown = (evidence: readonly Shown[], numbers: Numbers): PhrasingContent[] =>
  evidence.flatMap(({ url, label }, index) => [
    { type: 'text', value: index === 0 ? ' (' : ', ' } as const,
    reference(numbers.get(url)!, label),
    ...(index === evidence.length - 1 ? [{ type: 'text', value: ')' } as const] : []),
  ])
