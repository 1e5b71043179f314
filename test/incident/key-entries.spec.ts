import { expect, test } from '@jest/globals'
import type { KeyEntries } from '../../src/incident/key-entries.js'
import { declared, observed } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const eventId = 'event-1'
const mark = (id = eventId) => ({ type: 'MarkKey', data: { eventId: id } }) as const
const unmark = (id = eventId) => ({ type: 'UnmarkKey', data: { eventId: id } }) as const
const marked = (time = '12:00') =>
  ({ type: 'KeyEntryMarked', data: { eventId }, at: at(time) }) as const
const unmarked: Fact = { type: 'KeyEntryUnmarked', data: { eventId } }
const retracted: Fact = { type: 'EntryRetracted', data: { eventId, reason: 'x' } }

test('anybody marks any entry as key, once, and takes the mark off, once', () => {
  for (const id of ['event-0', eventId])
    given(declared, observed)
      .when(mark(id), 'carol')
      .thenRecorded({ type: 'KeyEntryMarked', data: { eventId: id } })
  given(declared, observed, marked()).when(mark()).thenNothing()
  given(declared, observed, marked())
    .when(unmark())
    .thenRecorded({ type: 'KeyEntryUnmarked', data: { eventId } })
  given(declared, observed, marked(), unmarked).when(unmark()).thenNothing()
  given(declared, observed, marked(), unmarked)
    .when(mark())
    .thenRecorded({ type: 'KeyEntryMarked', data: { eventId } })
})

test('what is not there, was retracted, or only says something of an entry is no key entry', () => {
  for (const command of [mark('event-9'), unmark('__proto__')])
    given(declared, observed).when(command).thenRefused('ENTRY_NOT_FOUND')
  given(declared, observed, retracted).when(mark()).thenRefused('ENTRY_RETRACTED', { eventId })
  given(declared, observed, retracted).when(mark('event-2')).thenRefused('ABOUT_THE_RECORD')
  given(declared, observed, marked()).when(mark('event-2')).thenRefused('ABOUT_THE_RECORD')
})

test('at most 500 different entries are ever marked', () => {
  const { state } = given(declared, observed)
  const full = (last: string): KeyEntries =>
    new Map(
      Array.from({ length: 500 }, (_, n) => [
        n === 0 ? last : `other-${n}`,
        { isKey: false, markedAt: at('12:00') },
      ]),
    )
  const ask = (last: string) =>
    given.with({ ...state, keyEntries: full(last) }, declared, observed).when(mark())
  ask('other-0').thenRefused('LIMIT_REACHED')
  ask(eventId).thenRecorded({ type: 'KeyEntryMarked', data: { eventId } })
})

test('a mark is not older than the last one of that entry', () =>
  given(declared, observed, marked('12:05'))
    .when(unmark(), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('history tells who marked what was key', () =>
  expect(given(declared, observed, marked(), unmarked).tells().slice(2)).toEqual([
    'alice marked an entry as key',
    'alice took the mark of a key entry off again',
  ]))
