import { describe, expect, test } from '@jest/globals'
import { containmentActions } from '../../src/incident/containment.js'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const data = { account: 'deploy-bot', action: 'CREDENTIALS_ROTATED' } as const
const contains = (rest: object = {}) =>
  ({ type: 'RecordContainment', data: { ...data, ...rest } }) as const
const contained: Fact = { type: 'ContainmentActionRecorded', data, at: at('12:03') }

describe('what keeps an intruder from getting further', () => {
  test('is anybody’s to put on record, with a note or without', () => {
    given(declared)
      .when(contains(), 'bob')
      .thenRecorded({ type: 'ContainmentActionRecorded', data })
    const noted = { ...data, note: 'The old key is refused' }
    given(declared)
      .when(contains(noted))
      .thenRecorded({ type: 'ContainmentActionRecorded', data: noted })
  })

  test('may have been done before anybody declared an incident', () =>
    given(declared, contained)
      .when(contains(), { claimed: at('11:30') })
      .thenOccurred(at('11:30')))

  test('is kept each time that it is done, for it may be done twice', () => {
    const { state } = given(declared, contained, { ...contained, by: 'bob' })
    expect(state.containment).toEqual([
      { ...data, by: { type: 'USER', id: 'alice' }, at: at('12:03') },
      { ...data, by: { type: 'USER', id: 'bob' }, at: at('12:03') },
    ])
  })

  test('is kept five hundred times at most', () => {
    const scene = given(declared, ...Array<Fact>(500).fill(contained))
    scene.when(contains()).thenRefused('LIMIT_REACHED')
    expect(scene.lists('RecordContainment')).toBe(false)
  })

  test('is told in the timeline', () => {
    const each = containmentActions.map(action => ({ ...contained, data: { ...data, action } }))
    const noted = { ...contained, data: { ...data, note: 'All regions' } }
    expect(
      given(declared, ...(each as Fact[]), noted)
        .tells()
        .slice(1),
    ).toEqual([
      'alice disabled deploy-bot',
      'alice rotated the credentials of deploy-bot',
      'alice ended all sessions of deploy-bot',
      'alice isolated deploy-bot',
      'alice contained deploy-bot',
      'alice rotated the credentials of deploy-bot: All regions',
    ])
  })
})
