import { describe, expect, test } from '@jest/globals'
import { aliceCommands, declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'The database is fine'
const evidence = [{ url: 'https://graphs.example.org/1', label: 'All green' }]
const release = (person: string, shown: object = { evidence }) =>
  ({ type: 'ReleaseResponder', data: { person, reason, ...shown } }) as const
const joined = (person: string, time = '12:00'): Fact => ({
  type: 'ResponderJoined',
  data: { person },
  at: at(time),
})
const left = (person: string) => ({ type: 'ResponderLeft', data: { person } }) as const
const released = (person: string) =>
  ({ type: 'ResponderReleased', data: { person, reason, evidence } }) as const

describe('whoever is shown to have no part', () => {
  test('is let go by the commander, and lays down their roles', () =>
    given(declared, aliceCommands, joined('bob'), {
      type: 'RoleAssigned',
      data: { person: 'bob', role: 'SCRIBE' },
    })
      .when(release('bb'))
      .thenRecorded(
        released('bob'),
        { type: 'RoleReleased', data: { person: 'bob', role: 'SCRIBE' } },
        left('bob'),
      ))

  test('lets themselves go, and is let go by anybody while nobody is in command', () => {
    given(declared, aliceCommands, joined('bob'))
      .when(release('bob'), 'bob')
      .thenRecorded(released('bob'), left('bob'))
    given(declared, aliceCommands, joined('bob'))
      .when(release('bob'), 'carol')
      .thenRefused('NOT_COMMANDER')
    given(declared, joined('bob'))
      .when(release('bob'), 'carol')
      .thenRecorded(released('bob'), left('bob'))
  })

  test.each([{}, { evidence: [] }])('is not let go without evidence: %j', shown =>
    given(declared, joined('bob'))
      .when(release('bob', shown))
      .thenRefused('EVIDENCE_REQUIRED', { field: 'evidence' }),
  )

  test('is here: who never came or has left is not', () => {
    given(declared).when(release('bob')).thenRefused('NOT_HERE', { person: 'bob' })
    given(declared, joined('bob'), left('bob'))
      .when(release('bob'))
      .thenRefused('NOT_HERE', { person: 'bob' })
    given(declared).when(release('nobody')).thenRefused('UNKNOWN_PERSON')
  })

  test('is not the commander', () =>
    given(declared, aliceCommands, joined('alice'))
      .when(release('alice'))
      .thenRefused('COMMANDER_CANNOT_LEAVE'))

  test('is not let go before they came', () =>
    given(declared, joined('bob', '12:05'))
      .when(release('bob'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))
})

describe('a service', () => {
  const clear = (shown: object = { evidence }) =>
    ({ type: 'DeclareNotInvolved', data: { service: 'api', reason, ...shown } }) as const
  const cleared: Fact = {
    type: 'ResponderCleared',
    data: { service: 'api', reason, evidence },
    at: at('12:05'),
  }

  test('is shown by anybody not to be involved, once', () => {
    given(declared, aliceCommands)
      .when(clear(), 'bob')
      .thenRecorded({
        type: 'ResponderCleared',
        data: { service: 'api', reason, evidence },
      })
    given(declared, cleared).when(clear(), 'bob').thenNothing()
  })

  test('is not cleared without evidence', () => {
    given(declared).when(clear({}), 'bob').thenRefused('EVIDENCE_REQUIRED', { field: 'evidence' })
  })

  test.each<[string, Fact]>([
    ['invited', { type: 'ResponderInvited', data: { person: 'bob', service: 'api' } }],
    [
      'asked for',
      { type: 'ResponderRequested', data: { requestId: 'x', service: 'api', owners: ['bob'] } },
    ],
    [
      'escalated to',
      {
        type: 'IncidentEscalated',
        data: {
          escalationId: 'x',
          service: 'api',
          from: [],
          to: ['bob'],
          tiersSkipped: 0,
          reason,
        },
      },
    ],
    [
      'made experts',
      {
        type: 'RoleAssigned',
        data: { person: 'bob', role: 'SUBJECT_MATTER_EXPERT', service: 'api' },
      },
    ],
  ])('may be cleared again once its people were %s since', (_, called) => {
    given(declared, cleared, { ...called, at: at('12:06') })
      .when(clear(), 'bob')
      .thenRecorded({ type: 'ResponderCleared', data: { service: 'api', reason, evidence } })
    given(declared, { ...called, at: at('12:04') }, cleared)
      .when(clear(), 'bob')
      .thenNothing()
    given(declared, { ...called, at: at('12:06') })
      .when(clear(), { person: 'bob', claimed: at('12:05') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:06') })
  })

  test('is one of two hundred at most', () =>
    given(
      declared,
      ...Array.from({ length: 200 }, (_, n): Fact => ({
        type: 'ResponderCleared',
        data: { service: `s${n}`, reason, evidence },
      })),
    )
      .when(clear(), 'bob')
      .thenRefused('LIMIT_REACHED'))
})

test('the timeline tells who was let go, and what is not involved', () =>
  expect(
    given(
      declared,
      joined('bob'),
      released('bob'),
      { ...released('bob'), by: 'bob' },
      { type: 'ResponderCleared', data: { service: 'api', reason, evidence } },
    )
      .tells()
      .slice(2),
  ).toEqual([
    'alice let bob go: The database is fine',
    'bob is not needed: The database is fine',
    'alice showed that api is not involved: The database is fine',
  ]))
