import { describe, expect, test } from '@jest/globals'
import { validateSync } from 'class-validator'
import { ERASED } from '../../src/decider/facet.js'
import { AddLabels } from '../../src/incident/labels.js'
import { declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const add = (...labels: string[]) => ({ type: 'AddLabels', data: { labels } }) as const
const remove = (...labels: string[]) => ({ type: 'RemoveLabels', data: { labels } }) as const
const added = (labels: string[], time = '12:00') =>
  ({ type: 'LabelsAdded', data: { labels }, at: at(time) }) as const
const removed = (...labels: string[]): Fact => ({ type: 'LabelsRemoved', data: { labels } })

describe('labels', () => {
  test('are anybody’s to add, also after the end: each once, sorted, what is new alone', () => {
    given(declared, added(['vat']))
      .when(add('web', 'api', 'vat', 'web'), 'carol')
      .thenRecorded({ type: 'LabelsAdded', data: { labels: ['api', 'web'] } })
    given(declared, added(['vat']))
      .when(add('vat'))
      .thenNothing()
    given(...into.CANCELLED)
      .when(add('false-alarm'))
      .thenRecorded({ type: 'LabelsAdded', data: { labels: ['false-alarm'] } })
  })

  test('are removed if they are there', () => {
    given(declared, added(['api', 'web']))
      .when(remove('web', 'other'))
      .thenRecorded({ type: 'LabelsRemoved', data: { labels: ['web'] } })
    given(declared).when(remove('web')).thenNothing()
    expect(given(declared, added(['b']), added(['a']), removed('b')).state.labels.all).toEqual([
      'a',
    ])
  })

  test('are at most 50 at a time', () => {
    const many = Array.from({ length: 49 }, (_, n) => `l${n}`)
    given(declared, added(many)).when(add('a', 'b')).thenRefused('LIMIT_REACHED')
    given(declared, added(many))
      .when(add('a', 'l1'))
      .thenRecorded({ type: 'LabelsAdded', data: { labels: ['a'] } })
  })

  test('were not changed before they last were', () =>
    given(declared, added(['a'], '12:05'))
      .when(remove('a'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('are told, and erased ones too', () =>
    expect(
      given(declared, added(['a']), removed('a'), added(['a', 'b']), added(ERASED as never))
        .tells()
        .slice(1),
    ).toEqual([
      'alice added the label “a”',
      'alice removed the label “a”',
      'alice added the labels “a”, “b”',
      'alice added labels',
    ]))
})

test.each([
  ['false-alarm', true],
  ['customer:Acme Inc. – Zürich', true],
  ['a:b:c', true],
  [`${'k'.repeat(50)}:${'v'.repeat(100)}`, true],
  ['', false],
  ['k'.repeat(51), false],
  [`k:${'v'.repeat(101)}`, false],
  ['Customer', false],
  ['customer:', false],
  ['customer: Acme', false],
  ['customer:Acme ', false],
  ['customer:A\nB', false],
  ['-a', false],
  [':a', false],
])('%j is a label: %s', (label, is) =>
  expect(validateSync(Object.assign(new AddLabels(), { labels: [label] })).length === 0).toBe(is),
)
