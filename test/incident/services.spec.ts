import { expect, test } from '@jest/globals'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const were = (services: string[], time = '12:00'): Fact => ({
  type: 'ServicesSet',
  data: { services },
  at: at(time),
})
const set = (...services: string[]) => ({ type: 'SetServices', data: { services } }) as const

test('anybody says which services are affected: each once, sorted', () =>
  given(declared)
    .when(set('web', 'api', 'web'), 'carol')
    .thenRecorded({ type: 'ServicesSet', data: { services: ['api', 'web'] } }))

test('the same services in another order change nothing', () =>
  given(declared, were(['api', 'web']))
    .when(set('web', 'api', 'api'))
    .thenNothing())

test('no service at all can be said too, once', () => {
  given(declared, were(['api']))
    .when(set())
    .thenRecorded({ type: 'ServicesSet', data: { services: [] } })
  given(declared).when(set()).thenNothing()
})

test('the list is replaced, not added to', () =>
  expect(given(declared, were(['api']), were(['web'])).state.services.keys).toEqual(['web']))

test('they were not said before they last were', () =>
  given(declared, were(['api'], '12:05'))
    .when(set('web'), { claimed: at('12:04') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

test('the timeline tells them', () =>
  expect(
    given(declared, were(['api', 'web']), were([]))
      .tells()
      .slice(1),
  ).toEqual([
    'alice named the services affected: api, web',
    'alice said that no service is affected',
  ]))
