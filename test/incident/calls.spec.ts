import { describe, expect, test } from '@jest/globals'
import { statusOfRequest } from '../../src/incident/calls.js'
import { type WorkKind, workOf } from '../../src/incident/open-work.js'
import { callId, declared, paged, requested, restrictedToAlice, room } from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'
import { policy } from '../support/policy.js'

const asks = (person: string) => ({ person, policy })
const invited = (person: string, service: string) =>
  ({ type: 'ResponderInvited', data: { person, service } }) as const

describe('the owners of services', () => {
  const invite = (...services: string[]) =>
    ({ type: 'InviteServiceOwners', data: { services } }) as const

  test('are each invited once for each service', () => {
    given(declared)
      .when(invite('api', '__proto__', 'api'), asks('carol'))
      .thenRecorded(
        invited('alice', '__proto__'),
        invited('bob', '__proto__'),
        invited('bob', 'api'),
      )
    given(declared, invited('alice', '__proto__'))
      .when(invite('__proto__'), asks('carol'))
      .thenRecorded(invited('bob', '__proto__'))
    given(declared, invited('bob', 'api')).when(invite('api'), asks('carol')).thenNothing()
  })

  test('are those of the affected services, if it is not said which', () => {
    const all = { type: 'InviteServiceOwners', data: {} } as const
    given(declared, { type: 'ServicesSet', data: { services: ['api'] } })
      .when(all, asks('carol'))
      .thenRecorded(invited('bob', 'api'))
    given(declared)
      .when(all, asks('carol'))
      .thenRefused('INVALID_INPUT', { fields: ['services'] })
  })

  test.each(['unknown', 'nobodys', 'gone'])(
    'of %s are nobody, and then nobody is invited',
    service =>
      given(declared)
        .when(invite('api', service), asks('carol'))
        .thenRefused('NO_SERVICE_OWNER', { service }),
  )

  test('are invited five hundred times at most', () =>
    given(declared, ...Array.from({ length: 500 }, (_, n) => invited(`person-${n}`, 'web')))
      .when(invite('api'), asks('carol'))
      .thenRefused('LIMIT_REACHED'))

  test('become members of a restricted incident by it', () =>
    given(declared, restrictedToAlice)
      .when(invite('api'), asks('alice'))
      .thenRecorded(invited('bob', 'api'), { type: 'MembershipGranted', data: { person: 'bob' } }))
})

describe('a page', () => {
  const page = { type: 'PageResponder', data: { person: 'bb', channel: 'PHONE' } } as const
  const data = { pageId: newId, person: 'bob', channel: 'PHONE', reference: 'INC-1' } as const
  const acknowledge = (pageId = callId) => ({ type: 'AcknowledgePage', data: { pageId } }) as const
  const known: Fact = { type: 'PageAcknowledged', data: { pageId: callId }, by: 'bob' }

  test('tells where to find more, and whoever is paged again has another', () => {
    given(declared).when(page).thenRecorded({ type: 'ResponderPaged', data })
    given(declared, room, paged)
      .when(page)
      .thenRecorded({
        type: 'ResponderPaged',
        data: { ...data, warRoom: 'https://meet.example.org/1' },
      })
  })

  test('of nobody we know is refused', () =>
    given(declared)
      .when({ type: 'PageResponder', data: { person: 'nobody', channel: 'SMS' } })
      .thenRefused('UNKNOWN_PERSON'))

  test('is acknowledged once, by whoever was paged', () => {
    const scene = given(declared, paged)
    scene.when(acknowledge(), 'bob').thenRecorded({
      type: 'PageAcknowledged',
      data: { pageId: callId },
    })
    scene.when(acknowledge(), 'alice').thenRefused('NOT_ASKED', { people: ['bob'] })
    given(declared, paged, known).when(acknowledge(), 'bob').thenNothing()
    scene.when(acknowledge('none'), 'bob').thenRefused('CALL_NOT_FOUND', { id: 'none' })
    given(declared).when(acknowledge(), 'bob').thenRefused('CALL_NOT_FOUND')
  })

  test('is not acknowledged before it was sent', () =>
    given(declared, { ...paged, at: at('12:05') })
      .when(acknowledge(), { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is one of five hundred at most', () => {
    const many = Array.from({ length: 500 }, (_, n): Fact => ({
      type: 'ResponderPaged',
      data: { ...data, pageId: `page-${n}` },
    }))
    expect(given(declared, ...many).lists('PageResponder')).toBe(false)
  })
})

describe('a request', () => {
  const request = (data: object) => ({ type: 'RequestResponder', data }) as never
  const reply = (data: object) =>
    ({ type: 'RespondToRequest', data: { requestId: callId, ...data } }) as never
  const came = (person: string, answer: string, rest: object = {}): Fact =>
    ({
      type: 'ResponderReplied',
      data: { requestId: callId, person, answer, ...rest },
      at: at('12:05'),
    }) as Fact

  test.each([
    [{ person: 'bb' }, { person: 'bob' }],
    [
      { role: 'SCRIBE', reason: 'Nobody writes' },
      { role: 'SCRIBE', reason: 'Nobody writes' },
    ],
    [{ service: 'api' }, { service: 'api', owners: ['bob'] }],
  ])('is for a person, a role or a service: %j', (data, recorded) =>
    given(declared)
      .when(request(data), asks('carol'))
      .thenRecorded({
        type: 'ResponderRequested',
        data: { requestId: newId, ...recorded } as never,
      }),
  )

  test.each([{}, { person: 'bob', role: 'SCRIBE' }, { role: 'SCRIBE', service: 'api' }])(
    'is for one of them: not %j',
    data => given(declared).when(request(data), asks('carol')).thenRefused('INVALID_INPUT'),
  )

  test('for a service that nobody owns is refused', () =>
    given(declared)
      .when(request({ service: 'gone' }), asks('carol'))
      .thenRefused('NO_SERVICE_OWNER', { service: 'gone' }))

  test('is answered by whoever was asked: they come, do not, or say when', () => {
    const scene = given(declared, requested)
    scene.when(reply({ answer: 'DECLINE', reason: 'Asleep' }), 'bob').thenRecorded({
      type: 'ResponderReplied',
      data: { requestId: callId, person: 'bob', answer: 'DECLINE', reason: 'Asleep' },
    })
    scene.when(reply({ answer: 'ETA', etaMinutes: 20 }), 'bob').thenRecorded({
      type: 'ResponderReplied',
      data: { requestId: callId, person: 'bob', answer: 'ETA', expectedAt: at('12:30') },
    })
    scene.when(reply({ answer: 'ACCEPT' }), 'carol').thenRefused('NOT_ASKED', { people: ['bob'] })
  })

  test('for a role is anybody’s to answer', () =>
    given(declared, {
      type: 'ResponderRequested',
      data: { requestId: callId, role: 'SCRIBE' },
    })
      .when(reply({ answer: 'ACCEPT' }), 'carol')
      .thenRecorded({
        type: 'ResponderReplied',
        data: { requestId: callId, person: 'carol', answer: 'ACCEPT' },
      }))

  test('is answered in minutes with ETA, and only so', () => {
    for (const data of [{ answer: 'ETA' }, { answer: 'ACCEPT', etaMinutes: 5 }])
      given(declared, requested)
        .when(reply(data), 'bob')
        .thenRefused('INVALID_INPUT', { fields: ['etaMinutes'] })
  })

  test('is not answered the same way twice, nor before the last answer', () => {
    const scene = given(declared, requested, came('bob', 'ACCEPT'))
    scene.when(reply({ answer: 'ACCEPT' }), 'bob').thenNothing()
    scene
      .when(reply({ answer: 'DECLINE' }), { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
  })

  test('that there is none of is not answered, and never by a key', () => {
    given(declared)
      .when(reply({ answer: 'ACCEPT' }), 'bob')
      .thenRefused('CALL_NOT_FOUND')
    given(declared, requested)
      .when(reply({ requestId: 'none', answer: 'ACCEPT' }), 'bob')
      .thenRefused('CALL_NOT_FOUND', { id: 'none' })
    given(declared, requested)
      .when(reply({ answer: 'ACCEPT' }), { type: 'API_KEY', person: 'key' })
      .thenRefused('NOT_A_PERSON')
  })

  const statusAfter = (...facts: Fact[]) =>
    statusOfRequest(given(declared, ...facts).state.requests.get(callId)!)
  test('waits until somebody comes, or all who were asked do not', () => {
    expect(statusAfter(requested)).toBe('OPEN')
    expect(statusAfter(requested, came('bob', 'ETA'))).toBe('ACCEPTED')
    expect(statusAfter(requested, came('bob', 'DECLINE'))).toBe('DECLINED')
    expect(statusAfter(requested, came('bob', 'ACCEPT'), came('bob', 'DECLINE'))).toBe('DECLINED')
    const role: Fact = { type: 'ResponderRequested', data: { requestId: callId, role: 'SCRIBE' } }
    expect(statusAfter(role, came('bob', 'DECLINE'))).toBe('OPEN')
  })
})

test('who declined, or came and went, has no part in the incident any more', () => {
  const restrict = { type: 'SetVisibility', data: { visibility: 'RESTRICTED' } } as const
  const members = (...facts: Fact[]) =>
    given(declared, ...facts)
      .when(restrict)
      .outcome()
      .events.map(({ data }) => (data as { people?: string[] }).people)
  expect(members(requested)).toEqual([['alice', 'bob']])
  const declined: Fact = {
    type: 'ResponderReplied',
    data: { requestId: callId, person: 'bob', answer: 'DECLINE' },
  }
  expect(members(requested, declined)).toEqual([['alice']])
  const gone: Fact = { type: 'ResponderLeft', data: { person: 'bob' }, at: at('12:06') }
  expect(members(requested, paged, gone)).toEqual([['alice']])
  expect(members(gone, { ...paged, at: at('12:07') })).toEqual([['alice', 'bob']])
})

test('the timeline tells who was called, and what they said', () =>
  expect(
    given(
      declared,
      invited('bob', 'api'),
      paged,
      { type: 'PageAcknowledged', data: { pageId: callId }, by: 'bob' },
      { type: 'ResponderRequested', data: { requestId: callId, person: 'bob', reason: 'The lag' } },
      { type: 'ResponderRequested', data: { requestId: 'role', role: 'SCRIBE' } },
      { type: 'ResponderRequested', data: { requestId: 'service', service: 'api', owners: [] } },
      {
        type: 'ResponderReplied',
        data: { requestId: callId, person: 'bob', answer: 'ETA', expectedAt: at('12:30') },
      },
      {
        type: 'ResponderReplied',
        data: { requestId: callId, person: 'bob', answer: 'DECLINE', reason: 'No train' },
      },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice invited bob, owner of api',
    'alice paged bob by text message',
    'bob acknowledged being paged',
    'alice asked for bob: The lag',
    'alice asked for a scribe',
    'alice asked for an owner of api',
    'bob will come, by 2026-01-01 12:30 UTC',
    'bob does not come: No train',
  ]))

describe('what waits for somebody', () => {
  const waits = (kind: WorkKind, ...facts: Fact[]) =>
    workOf(kind, given(declared, ...facts).state).map(({ person, title, dueAt }) =>
      [person, title, dueAt].filter(Boolean).join(' '),
    )
  const tiered: Fact = {
    type: 'IncidentEscalated',
    data: {
      escalationId: callId,
      service: 'api',
      from: [],
      to: ['bob', 'carol'],
      tier: 1,
      tiersSkipped: 0,
      nextAt: at('12:20'),
      reason: 'x',
    },
  }
  const resolved: Fact = { type: 'IncidentResolved', data: { summary: 'Fixed' } }

  test('is a page until it is acknowledged', () => {
    expect(waits('PAGE', paged)).toEqual(['bob Say that you know'])
    expect(waits('PAGE', paged, { type: 'PageAcknowledged', data: { pageId: callId } })).toEqual([])
    expect(waits('PAGE', paged, resolved)).toEqual([])
  })

  test('is a request until they answer, or somebody else comes', () => {
    const both: Fact = {
      type: 'ResponderRequested',
      data: { requestId: callId, service: 'api', owners: ['bob', 'carol'] },
    }
    const says = (answer: 'ACCEPT' | 'DECLINE'): Fact => ({
      type: 'ResponderReplied',
      data: { requestId: callId, person: 'bob', answer },
    })
    const comes = 'carol Say whether you come'
    expect(waits('REQUEST', both)).toEqual(['bob Say whether you come', comes])
    expect(waits('REQUEST', both, says('DECLINE'))).toEqual([comes])
    expect(waits('REQUEST', both, says('ACCEPT'))).toEqual([])
    const anybody: Fact = {
      type: 'ResponderRequested',
      data: { requestId: callId, role: 'SCRIBE' },
    }
    expect(waits('REQUEST', anybody)).toEqual([])
  })

  test('is an escalation of everybody who was called, until one answers', () => {
    expect(waits('ESCALATION', tiered)).toEqual([
      `bob Answer the escalation for api ${at('12:20')}`,
      `carol Answer the escalation for api ${at('12:20')}`,
    ])
    const answered: Fact = { type: 'EscalationAcknowledged', data: { escalationId: callId } }
    expect(waits('ESCALATION', tiered, answered)).toEqual([])
  })
})
