import { expect, test } from '@jest/globals'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const url = 'https://grafana.example.com/d/1'
const dashboard = { kind: 'DASHBOARD', url } as const
const added = (data: (Fact & { type: 'LinkAdded' })['data']): Fact => ({ type: 'LinkAdded', data })
const many = Array.from({ length: 100 }, (_, n) => added({ ...dashboard, url: `${url}${n}` }))

test.each([dashboard, { ...dashboard, label: 'Errors' }])('anybody adds a link: %j', data =>
  given(declared)
    .when({ type: 'AddLink', data }, 'carol')
    .thenRecorded({ type: 'LinkAdded', data }),
)

test('the same link is added once, also when there is no more room', () => {
  given(declared, added(dashboard)).when({ type: 'AddLink', data: dashboard }).thenNothing()
  given(declared, ...many)
    .when({ type: 'AddLink', data: { ...dashboard, url: `${url}0` } })
    .thenNothing()
})

test('another kind or label makes another link', () => {
  for (const other of [{ kind: 'OTHER' }, { label: 'Errors' }] as const) {
    const data = { ...dashboard, ...other }
    given(declared, added(dashboard))
      .when({ type: 'AddLink', data })
      .thenRecorded({ type: 'LinkAdded', data })
  }
})

test('there are at most 100', () => {
  given(declared, ...many)
    .when({ type: 'AddLink', data: dashboard })
    .thenRefused('LIMIT_REACHED')
  given(declared, ...many.slice(1))
    .when({ type: 'AddLink', data: dashboard })
    .thenRecorded({ type: 'LinkAdded', data: dashboard })
})

test('a link is not older than the incident', () =>
  given(declared)
    .when({ type: 'AddLink', data: dashboard }, { claimed: at('11:59') })
    .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:00') }))

test('they stand in the order they were added', () =>
  expect(given(declared, ...many).state.links.map(link => link.url)).toEqual(
    many.map(({ data }) => (data as { url: string }).url),
  ))

test('the timeline tells what kind of page was linked', () =>
  expect(
    given(
      declared,
      added({ ...dashboard, label: 'Errors' }),
      added({ kind: 'WAR_ROOM', url }),
      added({ kind: 'CHAT_CHANNEL', url }),
      added({ kind: 'OTHER', url }),
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice linked the dashboard “Errors”',
    'alice linked the war room',
    'alice linked the chat channel',
    'alice linked the page',
  ]))
