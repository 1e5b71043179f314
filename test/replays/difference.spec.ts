import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { changeSentence } from '../../src/replays/difference-words.js'
import { type Json, differences } from '../../src/replays/difference.js'
import { applied } from '../support/apply-changes.js'
import { name } from './story.js'

const task = (id: string, status = 'ASSIGNED') => ({ id, title: `Task ${id}`, status })
const bob = { role: 'SCRIBE', person: 'bob' }
const carol = { role: 'DEPUTY', person: 'carol' }

describe('between two answers', () => {
  test.each<[string, Json, Json, string[]]>([
    [
      'a field',
      { status: 'ACTIVE' },
      { status: 'RESOLVED' },
      ['Status changed from ACTIVE to RESOLVED.'],
    ],
    [
      'what was not there',
      { commandVacantSince: null },
      { commandVacantSince: '12:00' },
      ['Command vacant since became 12:00.'],
    ],
    ['what is gone', { commander: 'bob' }, { commander: null }, ['Commander is no longer Bob.']],
    ['a text', { title: 'API down' }, { title: 'Up' }, ['Title changed from “API down” to Up.']],
    ['nothing', { title: 'Up', tasks: [task('1')] }, { title: 'Up', tasks: [task('1')] }, []],
    [
      'a task',
      { tasks: [task('1')] },
      { tasks: [task('1'), task('2')] },
      ['Tasks: “Task 2” was added.'],
    ],
    [
      'what a task came to',
      { tasks: [task('1')] },
      { tasks: [task('1', 'COMPLETED')] },
      ['Tasks, “Task 1”: status changed from ASSIGNED to COMPLETED.'],
    ],
    [
      'a role',
      { roles: [bob] },
      { roles: [carol] },
      ['Roles: SCRIBE, Bob was removed.', 'Roles: DEPUTY, Carol was added.'],
    ],
    [
      'a label',
      { labels: [{ key: 'team', value: 'a' }] },
      { labels: [{ key: 'team', value: 'b' }] },
      ['Labels, team: value changed from A to B.'],
    ],
    [
      'an order',
      { services: ['a', 'b'] },
      { services: ['b', 'a'] },
      ['Services changed as a whole.'],
    ],
    [
      'what is twice',
      { services: ['a'] },
      { services: ['a', 'a'] },
      ['Services changed as a whole.'],
    ],
    [
      'what has a strange name',
      { toString: 1 },
      { toString: 2 },
      ['To string changed from 1 to 2.'],
    ],
  ])('%s', (_, before, after, sentences) => {
    const changes = differences(before, after)
    expect(changes.map(change => changeSentence(change, name))).toEqual(sentences)
    expect(applied(before, changes)).toEqual(after)
  })

  test('a long value is told short, and not cut within a character', () => {
    const [change] = differences({ title: 'a' }, { title: '𝄞'.repeat(500) })
    const sentence = changeSentence(change!, name)
    expect(Array.from(sentence).length).toBeLessThan(200)
    expect(sentence.isWellFormed()).toBe(true)
    expect(change!.after).toHaveLength(1000)
  })
})

/** Any answer to one question: always the same fields, whatever they hold. */
const leaf = fc.constantFrom<Json>(null, 'a', 'b', 1, true)
const element = fc.oneof(
  fc.constantFrom<Json>('x', 'y', 'z'),
  fc.record({
    id: fc.constantFrom('1', '2', 'constructor'),
    status: leaf,
    deep: fc.record({ at: leaf }),
  }),
  fc.record({ key: fc.constantFrom('k', '__proto__'), value: leaf }),
  fc.record({ role: leaf, person: leaf }),
)
const list = fc.array(element, { maxLength: 5 })
const answer = fc.record<Record<string, Json>>({
  title: leaf,
  handoff: fc.oneof(fc.constant(null), fc.record({ to: leaf, notes: list })),
  tasks: list,
  toString: leaf,
})

test('what differs, applied to the earlier answer, gives the later one', () =>
  fc.assert(
    fc.property(answer, answer, (before, after) => {
      const changes = differences(before, after)
      expect(applied(before, changes)).toEqual(after)
      expect(differences(after, after)).toEqual([])
      for (const change of changes)
        expect(changeSentence(change, name)).not.toMatch(/undefined|\[object/)
    }),
    { numRuns: 300 },
  ))
