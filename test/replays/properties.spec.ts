import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import type { Heading, Nodes } from 'mdast'
import { brief } from '../../src/replays/brief.js'
import { incidentAt } from '../../src/replays/incident-at.js'
import { postmortem } from '../../src/replays/postmortem.js'
import { timeline } from '../../src/replays/timeline.js'
import { anyHistory, uncorrectedHistory } from './histories.js'
import { name } from './story.js'

const holds = <Value>(arbitrary: fc.Arbitrary<Value>, property: (value: Value) => void) =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 150 })

const nodes = (node: Nodes): Nodes[] => [
  node,
  ...('children' in node ? node.children.flatMap(nodes) : []),
]

const sections =
  /^(Milestones|Severity|Command|Tasks|For the review|Key entries|Timeline|Gaps in the record|Evidence|\d{4}-\d\d-\d\d)$/
const isOurs = ({ depth, children: [child], position }: Heading) =>
  depth === 1 ? position!.start.line === 1 : child?.type === 'text' && sections.test(child.value)

test('whatever happened, all of it can be told, and told again in the same bytes', () =>
  holds(anyHistory, events => {
    const once = postmortem(events, name)
    expect(postmortem(structuredClone(events), name)).toEqual(once)
    expect(brief(events, name).text).not.toContain('undefined')
    for (const showHistory of [false, true])
      for (const { sentence } of timeline(events, name, { showHistory }))
        expect(sentence).not.toMatch(/undefined|\[object/)
    expect(once.summary).not.toMatch(/undefined|NaN|null/)
  }))

test('the words of users make no heading, code, quote, picture, HTML or link of their own', () =>
  holds(anyHistory, events => {
    const { markdown } = postmortem(events, name)
    const found = nodes(fromMarkdown(markdown))
    const forbidden = ['html', 'code', 'inlineCode', 'blockquote', 'image', 'imageReference']
    expect(found.filter(({ type }) => forbidden.includes(type))).toEqual([])
    const urls = found.flatMap(node => ('url' in node ? node.url : []))
    expect(urls.filter(url => !/^https?:\/\/(a\.example|\[x\])/.test(url))).toEqual([])
    expect(found.filter(node => node.type === 'heading' && !isOurs(node))).toEqual([])
    const items = found.filter(node => node.type === 'listItem').map(({ children }) => children)
    expect(items.filter(([child, more]) => more || child!.type !== 'paragraph')).toEqual([])
  }))

test('every row of a table has as many cells as its head', () =>
  holds(anyHistory, events => {
    const { markdown } = postmortem(events, name)
    const cells = (row: string) => row.match(/(?<!\\)(?:\\\\)*\|/g)!.length
    for (const [table] of markdown.matchAll(/^\|.*(?:\n\|.*)+$/gm))
      expect(new Set(table.split('\n').map(cells)).size).toBe(1)
  }))

test('without corrections every event is told once, in the order of the record', () =>
  holds(uncorrectedHistory, events => {
    const entries = timeline(events, name, { order: 'RECORDED' })
    const told = entries.flatMap(({ eventId, alsoTells }) => [eventId, ...alsoTells])
    expect(told.toSorted()).toEqual(events.map(({ id }) => id))
    const alone = events.map(event => ({ ...event, causationId: 'none of these' }))
    expect(timeline(alone, name, { order: 'RECORDED' }).map(({ eventId }) => eventId)).toEqual(
      events.map(({ id }) => id),
    )
  }))

test('with its history every event is told once, corrections too', () =>
  holds(anyHistory, events => {
    const entries = timeline(events, name, { showHistory: true })
    const told = entries.flatMap(({ eventId, alsoTells }) => [eventId, ...alsoTells])
    expect(told.toSorted()).toEqual(events.map(({ id }) => id))
  }))

test('as of a recorded time, an incident is a prefix of its stream', () =>
  holds(fc.tuple(anyHistory, fc.nat(40)), ([events, place]) => {
    const recordedAt = events[place]?.recordedAt ?? ''
    const known = incidentAt(events, { recordedAt }).events
    expect(known).toEqual(events.slice(0, known.length))
    expect(events[known.length]?.recordedAt === recordedAt).toBe(false)
  }))

test('a postmortem of a revision stays the same whatever happens later', () =>
  holds(fc.tuple(anyHistory, fc.nat(40)), ([events, revision]) =>
    expect(postmortem(incidentAt(events, { revision }).events, name)).toEqual(
      postmortem(events.slice(0, revision + 1), name),
    ),
  ))
