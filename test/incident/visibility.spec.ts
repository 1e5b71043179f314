import { describe, expect, test } from '@jest/globals'
import { isOpenTo, maySee, membersMax } from '../../src/incident/membership.js'
import {
  aliceCommands,
  bobIsMember,
  bobsTask,
  declared,
  offeredToBob,
  restrictedToAlice,
  taskId,
} from '../support/facts.js'
import { type Asker, type Fact, at, given } from '../support/given.js'

const reason = 'Names of customers'
const scribe: Fact = { type: 'RoleAssigned', data: { role: 'SCRIBE', person: 'bob' } }
const bobIsHere: Fact = { type: 'ResponderJoined', data: { person: 'bob' } }
const robot: Asker = { type: 'API_KEY', person: 'key' }
const program: Asker = { type: 'SYSTEM', person: 'import' }

const restrict = { type: 'SetVisibility', data: { visibility: 'RESTRICTED', reason } } as const
const open = { type: 'SetVisibility', data: { visibility: 'INTERNAL', reason } } as const
const grant = (data: object) => ({ type: 'GrantMembership' as const, data })
const revoke = (data: object) => ({ type: 'RevokeMembership' as const, data })
const madeMember = (person: string): Fact => ({ type: 'MembershipGranted', data: { person } })
const set = (data: object) => ({ type: 'VisibilitySet', data }) as never

describe('who may see an incident', () => {
  const sees = (id: string, type: 'USER' | 'API_KEY' = 'USER', ...facts: Fact[]) =>
    isOpenTo(given(declared, ...facts).state, { actor: { type, id }, isAdmin: false })

  test('is everybody until it is restricted, also where its type would restrict it today', () => {
    expect(sees('carol')).toBe(true)
    const stored = { ...declared, data: { ...declared.data, type: 'SECURITY' } } as unknown as Fact
    expect(given(stored).state.visibility.level).toBe('INTERNAL')
  })

  test('is then its members: people and keys, each as what they are', () => {
    const facts = [restrictedToAlice, { type: 'MembershipGranted', data: { key: 'key' } } as Fact]
    expect(sees('alice', 'USER', ...facts)).toBe(true)
    expect(sees('key', 'API_KEY', ...facts)).toBe(true)
    for (const [id, type] of [
      ['bob', 'USER'],
      ['alice', 'API_KEY'],
      ['key', 'USER'],
    ] as const)
      expect(sees(id, type, ...facts)).toBe(false)
  })

  test('is an administrator too, though it is not open to them', () => {
    const { state } = given(declared, restrictedToAlice)
    const root = { actor: { type: 'USER', id: 'root' }, isAdmin: true } as const
    expect([maySee(state, root), isOpenTo(state, root)]).toEqual([true, false])
    expect(maySee(state, { ...root, isAdmin: false })).toBe(false)
  })
})

describe('declaring', () => {
  const declare = (data: object, who: string | Asker = 'alice') =>
    given()
      .when({ type: 'DeclareIncident', data: { title: 'Tokens leaked', ...data } }, who)
      .outcome()
      .events.filter(({ type }) => type === 'VisibilitySet')
      .map(({ data }) => data)

  test.each<[what: string, input: object, who: string | Asker, expected: object[]]>([
    ['a service incident says nothing of who may see it', {}, 'alice', []],
    [
      'a security incident restricts it to its declarer',
      { type: 'SECURITY' },
      'alice',
      [{ visibility: 'RESTRICTED', people: ['alice'] }],
    ],
    [
      'as a key that belongs to nobody makes the key a member',
      { type: 'SECURITY' },
      robot,
      [{ visibility: 'RESTRICTED', keys: ['key'] }],
    ],
    [
      'with members lets them in at once, each once',
      { type: 'SECURITY', members: ['bb', 'bob', 'alice'] },
      robot,
      [{ visibility: 'RESTRICTED', people: ['bob', 'alice'], keys: ['key'] }],
    ],
    [
      'anything restricted is possible',
      { visibility: 'RESTRICTED' },
      'bob',
      [{ visibility: 'RESTRICTED', people: ['bob'] }],
    ],
    [
      'a security incident for everybody is possible, and on record',
      { type: 'SECURITY', visibility: 'INTERNAL' },
      'alice',
      [{ visibility: 'INTERNAL' }],
    ],
    ['a service incident for everybody adds nothing', { visibility: 'INTERNAL' }, 'alice', []],
    [
      'a security incident by a program, which can be no member, is for everybody',
      { type: 'SECURITY' },
      program,
      [],
    ],
    [
      'a security incident by a program that names members restricts it to them',
      { type: 'SECURITY', members: ['bob'] },
      program,
      [{ visibility: 'RESTRICTED', people: ['bob'] }],
    ],
  ])('%s', (_, input, who, expected) => expect(declare(input, who)).toEqual(expected))

  test('comes before all else that is recorded of the incident', () =>
    expect(
      given()
        .when({ type: 'DeclareIncident', data: { title: 'x', type: 'SECURITY' } })
        .outcome()
        .events.map(({ type }) => type),
    ).toEqual(['IncidentDeclared', 'VisibilitySet', 'SeveritySet']))

  test.each([
    ['INVALID_INPUT', { members: ['bob'] }, 'alice' as const],
    ['INVALID_INPUT', { type: 'SECURITY', visibility: 'INTERNAL', members: ['bob'] }, 'alice'],
    ['UNKNOWN_PERSON', { visibility: 'RESTRICTED', members: ['mallory'] }, 'alice'],
    ['LAST_MEMBER', { visibility: 'RESTRICTED' }, program],
  ] as const)('is refused with %s for %j', (code, input, who) =>
    given()
      .when({ type: 'DeclareIncident', data: { title: 'x', ...input } as never }, who)
      .thenRefused(code),
  )
})

describe('restricting', () => {
  test('is anybody’s, and leaves in whoever does it and who has a part in it', () =>
    given(declared, aliceCommands, bobsTask)
      .when(restrict, 'carol')
      .thenRecorded(set({ visibility: 'RESTRICTED', people: ['carol', 'alice', 'bob'], reason })))

  test.each<[string, Fact[]]>([
    ['an offer of command', [aliceCommands, offeredToBob]],
    ['a role', [scribe]],
    ['a task', [bobsTask]],
    ['being here', [bobIsHere]],
  ])('%s is a part', (_, facts) => {
    const { events } = given(declared, ...facts)
      .when(restrict, 'carol')
      .outcome()
    expect((events[0]!.data as { people: string[] }).people).toContain('bob')
  })

  test('a task that is over, or a time here that is, is none', () =>
    given(declared, bobsTask, { type: 'TaskCompleted', data: { taskId } }, bobIsHere, {
      type: 'ResponderLeft',
      data: { person: 'bob' },
    })
      .when(restrict, 'carol')
      .thenRecorded(set({ visibility: 'RESTRICTED', people: ['carol'], reason })))

  test('what is restricted changes nothing', () =>
    given(declared, restrictedToAlice).when(restrict).thenNothing())

  test('is not done by who can be no member while nobody has a part', () => {
    given(declared).when(restrict, program).thenRefused('LAST_MEMBER')
    given(declared, aliceCommands)
      .when(restrict, program)
      .thenRecorded(set({ visibility: 'RESTRICTED', people: ['alice'], reason }))
  })
})

describe('opening', () => {
  test('lets everybody see all of it, and needs a reason', () => {
    given(declared, restrictedToAlice)
      .when(open)
      .thenRecorded(set({ visibility: 'INTERNAL', reason }))
    given(declared, restrictedToAlice)
      .when({ type: 'SetVisibility', data: { visibility: 'INTERNAL' } })
      .thenRefused('REASON_REQUIRED', { field: 'reason' })
  })

  test('forgets the members: restricted again, it has only those of then', () => {
    const opened: Fact = { type: 'VisibilitySet', data: { visibility: 'INTERNAL', reason } }
    const { state } = given(declared, restrictedToAlice, opened)
    expect(state.visibility.members.size).toBe(0)
    expect(isOpenTo(state, { actor: { type: 'USER', id: 'carol' }, isAdmin: false })).toBe(true)
  })

  test('what is open changes nothing', () => given(declared).when(open).thenNothing())
})

describe('membership', () => {
  test('is granted by any member to a person or a key, once', () => {
    given(declared, restrictedToAlice)
      .when(grant({ person: 'bb' }))
      .thenRecorded({ type: 'MembershipGranted', data: { person: 'bob' } })
    given(declared, restrictedToAlice)
      .when(grant({ key: 'key' }))
      .thenRecorded({ type: 'MembershipGranted', data: { key: 'key' } })
    given(declared, restrictedToAlice, bobIsMember)
      .when(grant({ person: 'bob' }))
      .thenNothing()
  })

  test.each([
    ['NOT_RESTRICTED', [declared], grant({ person: 'bob' })],
    ['NOT_RESTRICTED', [declared], revoke({ person: 'bob' })],
    ['INVALID_INPUT', [declared, restrictedToAlice], grant({})],
    ['INVALID_INPUT', [declared, restrictedToAlice], revoke({ person: 'bob', key: 'key' })],
    ['UNKNOWN_PERSON', [declared, restrictedToAlice], grant({ person: 'mallory' })],
    ['KEY_NOT_FOUND', [declared, restrictedToAlice], grant({ key: 'no-key' })],
    ['LAST_MEMBER', [declared, restrictedToAlice], revoke({ person: 'alice' })],
  ] as const)('is refused with %s', (code, facts, command) =>
    given(...facts)
      .when(command)
      .thenRefused(code),
  )

  test('ends at once, and who has none any more is not asked twice', () => {
    given(declared, restrictedToAlice, bobIsMember)
      .when(revoke({ person: 'bob', reason }))
      .thenRecorded({ type: 'MembershipRevoked', data: { person: 'bob', reason } })
    given(declared, restrictedToAlice)
      .when(revoke({ person: 'bob' }))
      .thenNothing()
  })

  test('takes with it what they held, and an offer of command; their tasks stay', () =>
    given(
      declared,
      aliceCommands,
      restrictedToAlice,
      bobIsMember,
      scribe,
      bobIsHere,
      offeredToBob,
      bobsTask,
    )
      .when(revoke({ person: 'bob' }))
      .thenRecorded(
        { type: 'RoleReleased', data: { role: 'SCRIBE', person: 'bob' } },
        { type: 'ResponderLeft', data: { person: 'bob' } },
        { type: 'HandoffVoided', data: { to: 'bob' } },
        { type: 'MembershipRevoked', data: { person: 'bob' } },
      ))

  test('of the commander ends only after their command', () =>
    given(declared, aliceCommands, restrictedToAlice, bobIsMember)
      .when(revoke({ person: 'alice' }))
      .thenRefused('COMMANDER_CANNOT_LEAVE'))

  test('of the last person stays, whatever keys there are; of the last key too', () => {
    const keyIsMember: Fact = { type: 'MembershipGranted', data: { key: 'key' } }
    given(declared, restrictedToAlice, keyIsMember)
      .when(revoke({ person: 'alice' }))
      .thenRefused('LAST_MEMBER')
    given(declared, restrictedToAlice, keyIsMember)
      .when(revoke({ key: 'key' }))
      .thenRecorded({ type: 'MembershipRevoked', data: { key: 'key' } })
    given(declared, { type: 'VisibilitySet', data: { visibility: 'RESTRICTED', keys: ['key'] } })
      .when(revoke({ key: 'key' }))
      .thenRefused('LAST_MEMBER')
  })

  test('has a bound', () => {
    const people = Array.from({ length: membersMax }, (_, n) => `member-${n}`)
    const full: Fact = { type: 'VisibilitySet', data: { visibility: 'RESTRICTED', people } }
    given(declared, full)
      .when(grant({ person: 'bob' }))
      .thenRefused('LIMIT_REACHED')
    given(declared, full)
      .when({ type: 'AssignRole', data: { role: 'SCRIBE', person: 'bob' } })
      .thenRefused('LIMIT_REACHED')
  })
})

describe('a part in a restricted incident makes a member by an event beside it:', () => {
  const task = { title: 'Look', assignee: { person: 'bob' }, timeboxMinutes: 5 }
  const granted = (...people: string[]) => people.map(madeMember)

  test.each([
    ['a role', { type: 'AssignRole', data: { role: 'SCRIBE', person: 'bob' } }, 'alice', ['bob']],
    ['a task', { type: 'AssignTask', data: task }, 'alice', ['bob']],
    ['an offer of command', { type: 'OfferHandoff', data: { to: 'bob' } }, 'alice', ['bob']],
    ['taking command', { type: 'TakeCommand', data: { reason } }, 'carol', ['carol']],
    ['joining', { type: 'JoinIncident', data: {} }, 'carol', ['carol']],
    ['none for a member', { type: 'JoinIncident', data: {} }, 'alice', []],
  ] as const)('%s', (_, command, who, people) => {
    const { events } = given(declared, aliceCommands, restrictedToAlice)
      .when(command as never, who)
      .outcome()
    expect(events.slice(1)).toEqual(granted(...people))
  })

  test('what they had before their membership ended gives them none', () => {
    const revoked: Fact = { type: 'MembershipRevoked', data: { person: 'bob' } }
    const scene = given(declared, restrictedToAlice, bobIsMember, bobsTask, revoked)
    expect(scene.when({ type: 'ChangeTitle', data: { title: 'x' } }).outcome().events).toHaveLength(
      1,
    )
    expect(scene.when({ type: 'AssignTask', data: task }).outcome().events.slice(1)).toEqual(
      granted('bob'),
    )
  })

  test('in one that everybody may see, nobody becomes one', () =>
    expect(given(declared).when({ type: 'AssignTask', data: task }).outcome().events).toHaveLength(
      1,
    ))
})

test.each<[what: string, fact: Fact]>([
  ['came', { type: 'ResponderJoined', data: { person: 'bob' } }],
  ['got a role', { type: 'RoleAssigned', data: { person: 'bob', role: 'SCRIBE' } }],
  ['were offered command', offeredToBob],
])('nobody ceases to be a member before they %s', (_, fact) => {
  const { when } = given(declared, restrictedToAlice, bobIsMember, { ...fact, at: at('12:05') })
  when(revoke({ person: 'bob' }), { claimed: at('12:04') }).thenRefused('OCCURRED_BEFORE_LAST')
  when(revoke({ person: 'bob' }), { claimed: at('12:05') }).thenOccurred(at('12:05'))
})

test('who may see it is not changed before it last was', () =>
  given(declared, { ...restrictedToAlice, at: at('12:05') })
    .when(grant({ person: 'bob' }), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('the timeline tells who may see it', () =>
  expect(
    given(
      declared,
      restrictedToAlice,
      { type: 'MembershipGranted', data: { person: 'bob' } },
      { type: 'MembershipRevoked', data: { key: 'key', reason } },
      { type: 'VisibilitySet', data: { visibility: 'INTERNAL', reason } },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice restricted the incident to its members',
    'alice made bob a member',
    `alice ended the membership of key: ${reason}`,
    `alice opened the incident to everybody who reads incidents: ${reason}`,
  ]))
