import { describe, expect, test } from '@jest/globals'
import { commandTree } from '../../src/incident/command-tree.js'
import { warnings } from '../../src/incident/warnings.js'
import { aliceCommands, bobsTask, declared, into } from '../support/facts.js'
import { type Fact, at, given, idOf, newId } from '../support/given.js'

const id = '0198c0de-0000-7000-8000-0000000000a1'
const inner = '0198c0de-0000-7000-8000-0000000000a2'
const formed = (rest: object = {}): Fact =>
  ({
    type: 'SubteamFormed',
    data: { subteamId: id, name: 'Database', lead: 'bob', ...rest },
  }) as Fact
const joined = (...people: string[]): Fact[] =>
  people.map(person => ({ type: 'ResponderJoined', data: { person } }))
const add = { type: 'AddToSubteam', data: { subteamId: id, person: 'carol' } } as const

describe('a subteam', () => {
  test('is formed with a lead and others, each once', () =>
    given(declared)
      .when({
        type: 'CreateSubteam',
        data: { name: 'Database', lead: 'bb', members: ['bob', 'carol', 'cc'] },
      })
      .thenRecorded({
        type: 'SubteamFormed',
        data: { subteamId: newId, name: 'Database', lead: 'bob', members: ['carol'] },
      }))

  test('is formed once, and within one that there is', () => {
    const create = { name: 'Database', lead: 'bob' }
    given(declared, formed()).when({ type: 'CreateSubteam', data: create }).thenNothing()
    given(declared)
      .when({ type: 'CreateSubteam', data: { ...create, within: id } })
      .thenRefused('SUBTEAM_NOT_FOUND')
    given(declared, formed(), { type: 'SubteamDissolved', data: { subteamId: id } })
      .when({ type: 'CreateSubteam', data: { ...create, within: id } })
      .thenRefused('SUBTEAM_NOT_FOUND')
  })

  test('takes whom its lead or the commander adds, out of the one that they were in', () => {
    const other = formed({ subteamId: inner, name: 'Network', lead: 'alice', members: ['carol'] })
    const scene = given(declared, aliceCommands, formed(), other)
    for (const by of ['alice', 'bob'])
      scene
        .when(add, by)
        .thenRecorded(
          { type: 'SubteamMemberRemoved', data: { subteamId: inner, person: 'carol' } },
          { type: 'SubteamMemberAdded', data: { subteamId: id, person: 'carol' } },
        )
    scene.when(add, 'carol').thenRefused('NOT_LEAD', { lead: 'bob', commander: 'alice' })
    given(declared, formed({ members: ['carol'] }))
      .when(add)
      .thenNothing()
    given(declared).when(add).thenRefused('SUBTEAM_NOT_FOUND')
  })

  test('takes nobody out of another before they were in it', () => {
    const other = formed({ subteamId: inner, name: 'Network', lead: 'alice', members: ['carol'] })
    const { when } = given(declared, formed(), { ...other, at: at('12:05') })
    const create = {
      type: 'CreateSubteam' as const,
      data: { name: 'Storage', lead: 'bob', members: ['carol'] },
    }
    for (const command of [add, create]) {
      when(command, { claimed: at('12:04') }).thenRefused('OCCURRED_BEFORE_LAST')
      when(command, { claimed: at('12:05') }).thenOccurred(at('12:05'))
    }
  })

  test('lets go whom its lead or the commander takes out, and who goes', () => {
    const remove = { type: 'RemoveFromSubteam', data: { subteamId: id, person: 'carol' } } as const
    const scene = given(declared, aliceCommands, formed({ members: ['carol'] }))
    for (const by of ['alice', 'bob', 'carol'])
      expect(scene.when(remove, by).outcome().events).toHaveLength(1)
    scene
      .when({ ...remove, data: { subteamId: id, person: 'bob' } }, 'carol')
      .thenRefused('NOT_LEAD')
    given(declared, formed()).when(remove).thenNothing()
  })

  test('takes fifty besides its lead', () =>
    given(declared, formed({ members: Array.from({ length: 50 }, (_, n) => `p${n}`) }))
      .when(add)
      .thenRefused('LIMIT_REACHED'))

  test('is told of in words', () =>
    expect(
      given(
        declared,
        formed(),
        { type: 'SubteamMemberAdded', data: { subteamId: id, person: 'carol' } },
        { type: 'SubteamMemberRemoved', data: { subteamId: id, person: 'carol' } },
        { type: 'SubteamDissolved', data: { subteamId: id, reason: 'Done' } },
      )
        .tells()
        .slice(1),
    ).toEqual([
      'alice formed the subteam “Database”, led by bob',
      'alice added carol to the subteam “Database”',
      'alice took carol out of the subteam “Database”',
      'alice dissolved the subteam “Database”: Done',
    ]))
})

describe('who reports to whom', () => {
  const tree = (...facts: Fact[]) =>
    commandTree(given(declared, ...facts).state).map(
      ({ person, reportsTo, span }) => `${person} → ${reportsTo}, ${span}`,
    )
  const nested = formed({ subteamId: inner, name: 'Network', lead: 'carol', within: id })

  test.each<[what: string, facts: Fact[], expected: string[]]>([
    [
      'all to the commander',
      [aliceCommands, ...joined('bob')],
      ['alice → null, 1', 'bob → alice, 0'],
    ],
    ['nobody without one', [...joined('bob')], ['bob → null, 0']],
    [
      'members to the lead, who does to the commander',
      [aliceCommands, formed({ members: ['carol'] })],
      ['alice → null, 1', 'bob → alice, 1', 'carol → bob, 0'],
    ],
    [
      'a lead within a subteam to its lead',
      [aliceCommands, formed(), nested],
      ['alice → null, 1', 'bob → alice, 1', 'carol → bob, 0'],
    ],
    [
      'and, once that is dissolved, to the commander',
      [aliceCommands, formed(), nested, { type: 'SubteamDissolved', data: { subteamId: id } }],
      ['alice → null, 1', 'carol → alice, 0'],
    ],
    [
      'a member who left, to nobody',
      [
        aliceCommands,
        formed({ members: ['carol'] }),
        ...joined('carol'),
        { type: 'ResponderLeft', data: { person: 'carol' } },
      ],
      ['alice → null, 1', 'bob → alice, 0'],
    ],
  ])('%s', (_, facts, expected) => expect(tree(...facts)).toEqual(expected))
})

describe('what there is to look at', () => {
  const many = joined(...Array.from({ length: 8 }, (_, n) => `p${n}`))
  const of = (now: string, ...facts: Fact[]) =>
    warnings(given(...facts).state, now, idOf).map(({ kind, people }) => [kind, people])

  test.each<[what: string, now: string, facts: Fact[], expected: unknown[]]>([
    ['nothing at first', '12:04', [declared], []],
    ['a role nobody took', '12:05', [declared], [['REQUIRED_ROLE_VACANT', []]]],
    [
      'a commander who is not trained',
      '12:05',
      [declared, { type: 'CommandClaimed', data: { commander: 'alice', unqualified: true } }],
      [['UNQUALIFIED_COMMANDER', ['alice']]],
    ],
    [
      'a commander with a task',
      '12:05',
      [declared, { type: 'CommandClaimed', data: { commander: 'bob' } }, bobsTask],
      [['COMMANDER_HAS_TASK', ['bob']]],
    ],
    [
      'eight who report to one',
      '12:05',
      [declared, aliceCommands, ...many],
      [['SPAN_OF_CONTROL', ['alice']]],
    ],
    ['not seven', '12:05', [declared, aliceCommands, ...many.slice(1)], []],
    ['who is on for long', '13:30', [declared, aliceCommands], [['ROTATION_DUE', ['alice']]]],
    ['nothing once it is over', '23:00', [...into.RESOLVED], []],
  ])('is %s', (_, now, facts, expected) => expect(of(at(now), ...facts)).toEqual(expected))
})
