import { describe, expect, test } from '@jest/globals'
import { RESTRICTED, openly } from '../../src/incident/command-only.js'
import { aliceCommands, declared, offeredToBob } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'They shouted'
const remove = (rest: object = {}) =>
  ({ type: 'RemoveResponder', data: { person: 'bb', reason, ...rest } }) as const
const readmit = { type: 'ReadmitResponder', data: { person: 'bob' } } as const
const removed: Fact = {
  type: 'ResponderRemoved',
  data: { person: 'bob', privateReason: reason },
  at: at('12:05'),
}
const readmitted: Fact = {
  type: 'ResponderReadmitted',
  data: { person: 'bob', reason: 'They are calm' },
  at: at('12:07'),
}
const joined: Fact = { type: 'ResponderJoined', data: { person: 'bob' } }
const scribe: Fact = { type: 'RoleAssigned', data: { person: 'bob', role: 'SCRIBE' } }

describe('somebody who disturbs the response', () => {
  test('is removed: they leave, lay down what they held, and an offer to them is void', () =>
    given(declared, aliceCommands, joined, scribe, offeredToBob)
      .when(remove())
      .thenRecorded(
        { type: 'RoleReleased', data: { person: 'bob', role: 'SCRIBE' } },
        { type: 'ResponderLeft', data: { person: 'bob' } },
        { type: 'HandoffVoided', data: { to: 'bob' } },
        { type: 'ResponderRemoved', data: { person: 'bob', privateReason: reason } },
      ))

  test('is removed also before they came, and for all to read if it is said so', () =>
    given(declared)
      .when(remove({ private: false }))
      .thenRecorded({ type: 'ResponderRemoved', data: { person: 'bob', reason } }))

  test('is removed once, is somebody, and not in command', () => {
    given(declared, removed).when(remove()).thenNothing()
    given(declared)
      .when(remove({ person: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
    given(declared, aliceCommands)
      .when(remove({ person: 'alice' }))
      .thenRefused('COMMANDER_CANNOT_LEAVE')
  })

  test.each([
    ['join', { type: 'JoinIncident', data: {} }, 'bob', []],
    ['claim command', { type: 'ClaimCommand', data: {} }, 'bob', []],
    ['take command', { type: 'TakeCommand', data: { reason } }, 'bob', [aliceCommands]],
    ['be offered command', { type: 'OfferHandoff', data: { to: 'bob' } }, 'alice', [aliceCommands]],
    [
      'be given a role',
      { type: 'AssignRole', data: { role: 'SCRIBE', person: 'bob' } },
      'alice',
      [],
    ],
    [
      'be given command',
      { type: 'AssignRole', data: { role: 'INCIDENT_COMMANDER', person: 'bob' } },
      'alice',
      [],
    ],
    [
      'lead others',
      { type: 'CreateSubteam', data: { name: 'Database', lead: 'bob' } },
      'alice',
      [],
    ],
  ] as const)('cannot %s until they are let in again', (_, command, by, facts) => {
    given(declared, ...facts, removed)
      .when(command, by)
      .thenRefused('RESPONDER_REMOVED', { person: 'bob' })
    const again = given(declared, ...facts, removed, readmitted)
    expect(again.when(command, by).outcome().events).not.toEqual([])
  })

  test('is let in again once', () => {
    given(declared, removed)
      .when(readmit)
      .thenRecorded({ type: 'ResponderReadmitted', data: { person: 'bob' } })
    given(declared, removed, readmitted).when(readmit).thenNothing()
    given(declared).when(readmit).thenNothing()
  })

  test('is not removed before they were offered the command that they lose by it', () => {
    const { when } = given(declared, aliceCommands, { ...offeredToBob, at: at('12:05') })
    when(remove(), { claimed: at('12:04') }).thenRefused('OCCURRED_BEFORE_LAST')
    when(remove({ person: 'carol' }), { claimed: at('12:04') }).thenOccurred(at('12:04'))
  })

  test('is not removed before they were let in', () =>
    given(declared, removed, readmitted)
      .when(remove(), { claimed: at('12:06') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:07') }))
})

test('a private reason is in no sentence, and in no event that is told', () => {
  const [, told] = given(declared, removed, readmitted).tells().slice(-3)
  expect(told).toBe('alice removed bob from the response')
  expect(openly('ResponderRemoved', removed.data)).toEqual({
    person: 'bob',
    privateReason: RESTRICTED,
  })
  const open = { person: 'bob', reason }
  expect(openly('ResponderRemoved', open)).toBe(open)
  const of = given(declared, { type: 'ResponderRemoved', data: open })
  expect(of.tells().at(-1)).toBe('alice removed bob from the response: They shouted')
  expect(of.state.removals.get('bob')).toMatchObject({ reason, isPrivate: false, isOut: true })
})
