import { describe, expect, test } from '@jest/globals'
import { aliceCommands, into, relayed, retrospective } from '../support/facts.js'
import { type Fact, given } from '../support/given.js'

const close = { type: 'CloseIncident', data: {} } as const
const closed = (openConcerns: number) =>
  ({ type: 'IncidentClosed', data: { openConcerns } }) as const
const [first, ...moves] = into.RESOLVED
const over = (...facts: Fact[]) => given(first, aliceCommands, ...facts, ...moves)

describe('while nobody has acknowledged what customers said', () => {
  test('the incident is not closed', () => {
    over(relayed, relayed).when(close, 'bob').thenRefused('OPEN_CONCERNS', { concerns: 2 })
    expect(over(relayed).lists('CloseIncident', 'bob')).toBe(false)
    given(first, aliceCommands, relayed).when(close).thenRefused('OPEN_CONCERNS')
  })

  test('an administrator may close it with a reason, and it is on record how many there were', () =>
    over(relayed).when(close, { person: 'carol', overrides: true }).thenRecorded(closed(1)))

  test('history is closed all the same', () =>
    given(retrospective, relayed, ...moves)
      .when(close)
      .thenRecorded(closed(1)))
})

test('once it was acknowledged the incident is closed', () =>
  over(relayed, { type: 'FeedbackAcknowledged', data: { eventId: 'event-2' } })
    .when(close, 'bob')
    .thenRecorded(closed(0)))

test('what other audiences say keeps nothing open', () =>
  over({ type: 'FeedbackRelayed', data: { audience: 'EXECUTIVES', text: 'Numbers?' } })
    .when(close, 'bob')
    .thenRecorded(closed(0)))

test('the timeline tells what stood', () =>
  expect(over(closed(0), closed(1), closed(2)).tells().slice(2, 5)).toEqual([
    'alice closed the incident',
    'alice closed the incident although a concern of customers stood',
    'alice closed the incident although 2 concerns of customers stood',
  ]))
