import { setImmediate } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { inSlices } from '../../src/in-slices.js'
import { briefInParts } from '../../src/replays/brief.js'
import { incidentAtInParts } from '../../src/replays/incident-at.js'
import { type InParts, whole } from '../../src/replays/in-parts.js'
import { postmortem, postmortemInParts } from '../../src/replays/postmortem.js'
import { timelineInParts } from '../../src/replays/timeline.js'
import { declared, name, saw, stream } from './story.js'

const seen = Array.from({ length: 3000 }, (_, n) => saw(n / 10, `- Errors _rise_ to ${n}`))
const events = stream(declared, ...seen)
const replays: Record<string, () => InParts<unknown>> = {
  'an incident': () => incidentAtInParts(events),
  'a timeline': () => timelineInParts(events, name),
  'a brief': () => briefInParts(events, name),
  'a postmortem': () => postmortemInParts(events, name),
}

test.each(Object.entries(replays))(
  '%s is made in parts, so that others have their turn',
  async (_, work) => {
    let turns = 0
    let isMade = false
    const making = inSlices(work()).finally(() => (isMade = true))
    for (; !isMade; turns++) await setImmediate()
    expect(await making).toEqual(whole(work()))
    expect(turns).toBeGreaterThan(1)
  },
)

test('a list that is said in parts is one list, each of its items once and in order', () => {
  const { children } = fromMarkdown(postmortem(events, name).markdown)
  const lists = children.flatMap(child => (child.type === 'list' ? [child] : []))
  const items = lists.flatMap(list => list.children)
  expect(new Set(lists.map(({ spread }) => spread))).toEqual(new Set([false]))
  expect(items).toHaveLength(events.length)
  const days = new Set(events.map(({ occurredAt }) => occurredAt.slice(0, 10)))
  expect(lists).toHaveLength(days.size)
  const words = items.map(item => JSON.stringify(item)).filter(text => /rise/.test(text))
  expect(words.map(text => Number(/to (\d+)/.exec(text)![1]))).toEqual(seen.map((_, n) => n))
})
