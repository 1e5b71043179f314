import { describe, expect, test } from '@jest/globals'
import { aliceCommands, declared, inTriage, retrospective } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const reason = 'Alice does not answer'
const promote = (person?: string) =>
  ({ type: 'PromoteDeputy', data: { ...(person && { person }), reason } }) as const
const deputy = (person: string, time = '12:00'): Fact => ({
  type: 'RoleAssigned',
  data: { role: 'DEPUTY', person },
  at: at(time),
})
const promoted = (to: string, from = 'alice') =>
  [
    { type: 'DeputyPromoted', data: { from, to, reason } },
    { type: 'RoleReleased', data: { person: to, role: 'DEPUTY' } },
  ] as const
const bobIsDeputy = [declared, aliceCommands, deputy('bob')] as const

describe('a deputy', () => {
  test('takes over command in one step, and is deputy no more', () => {
    given(...bobIsDeputy)
      .when(promote(), 'bob')
      .thenRecorded(...promoted('bob'))
    const { state } = given(...bobIsDeputy, ...promoted('bob'))
    expect([state.handoff.commander, state.roles.held]).toEqual(['bob', []])
  })

  test('is promoted by the commander, who names them', () => {
    given(...bobIsDeputy, deputy('carol'))
      .when(promote('cc'), 'alice')
      .thenRecorded(...promoted('carol'))
    given(...bobIsDeputy)
      .when(promote(), 'alice')
      .thenNothing()
  })

  test('voids what the old commander offered, whomever it was for', () => {
    for (const to of ['bob', 'carol'])
      given(...bobIsDeputy, { type: 'HandoffOffered', data: { to, briefRevision: 1 } })
        .when(promote(), 'bob')
        .thenRecorded(...promoted('bob'), { type: 'HandoffVoided', data: { to } })
  })

  test('keeps what else they do', () => {
    const scribe: Fact = { type: 'RoleAssigned', data: { role: 'SCRIBE', person: 'bob' } }
    given(...bobIsDeputy, scribe)
      .when(promote(), 'bob')
      .thenRecorded(...promoted('bob'))
  })

  test('for services is deputy for none of them any more', () => {
    const of = (service: string, time: string): Fact => ({
      type: 'RoleAssigned',
      data: { role: 'DEPUTY', person: 'bob', service },
      at: at(time),
    })
    const { when } = given(declared, aliceCommands, of('api', '12:01'), of('web', '12:05'))
    when(promote(), 'bob').thenRecorded(
      promoted('bob')[0],
      { type: 'RoleReleased', data: { person: 'bob', role: 'DEPUTY', service: 'api' } },
      { type: 'RoleReleased', data: { person: 'bob', role: 'DEPUTY', service: 'web' } },
    )
    when(promote(), { person: 'bob', claimed: at('12:04') }).thenRefused('OCCURRED_BEFORE_LAST')
  })

  test('promotes nobody but themselves', () =>
    given(...bobIsDeputy, deputy('carol'))
      .when(promote('carol'), 'bob')
      .thenRefused('NOT_COMMANDER', { commander: 'alice' }))

  test('that was promoted and says so again changes nothing, also while there is another', () => {
    for (const more of [[], [deputy('carol')]]) {
      const scene = given(...bobIsDeputy, ...more, ...promoted('bob'))
      for (const again of [promote(), promote('bob')]) scene.when(again, 'bob').thenNothing()
    }
  })

  test('is promoted in triage too', () =>
    given(inTriage, aliceCommands, deputy('bob'))
      .when(promote(), 'bob')
      .thenRecorded(...promoted('bob')))
})

describe('promoting', () => {
  test('is not for others', () => {
    for (const person of [undefined, 'bob'])
      given(...bobIsDeputy)
        .when(promote(person), 'carol')
        .thenRefused('NOT_DEPUTY', { deputies: ['bob'] })
    expect(given(...bobIsDeputy).lists('PromoteDeputy', 'carol')).toBe(false)
  })

  test('needs a deputy', () => {
    given(declared, aliceCommands).when(promote('bob')).thenRefused('NOT_DEPUTY', { deputies: [] })
    given(declared, aliceCommands).when(promote(), 'bob').thenRefused('NOT_DEPUTY')
    given(...bobIsDeputy)
      .when(promote('carol'))
      .thenRefused('NOT_DEPUTY', { deputies: ['bob'] })
  })

  test('takes no commander for a deputy of their own', () =>
    given(declared, aliceCommands, deputy('alice')).when(promote()).thenNothing())

  test('needs a commander: command that nobody has is claimed', () =>
    given(declared, deputy('bob')).when(promote(), 'bob').thenRefused('COMMAND_VACANT'))

  test('over the commander’s and the deputy’s heads is an administrator’s, as a key too', () => {
    for (const asker of [
      { person: 'carol', overrides: true },
      { person: 'key', type: 'API_KEY', overrides: true } as const,
    ])
      given(...bobIsDeputy)
        .when(promote('bob'), asker)
        .thenRecorded(...promoted('bob'))
  })

  test('is nobody’s right when it is put on record afterwards', () =>
    given(retrospective, aliceCommands, deputy('bob'))
      .when(promote('bob'), { person: 'import', type: 'SYSTEM' })
      .thenRecorded(...promoted('bob')))

  test('does not precede what it follows, of command or of the role', () => {
    given(declared, { ...aliceCommands, at: at('12:05') }, deputy('bob'))
      .when(promote(), { person: 'bob', claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') })
    given(declared, aliceCommands, deputy('bob', '12:06'))
      .when(promote(), { person: 'bob', claimed: at('12:05') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:06') })
  })
})

test('the timeline tells who took over from whom, and why', () =>
  expect(
    given(...bobIsDeputy, ...promoted('bob'))
      .tells()
      .slice(3),
  ).toEqual([
    'The deputy bob took over command from alice: Alice does not answer',
    'bob is no longer deputy',
  ]))
