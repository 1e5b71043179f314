import { describe, expect, test } from '@jest/globals'
import { payload } from '../../src/commands/payload.js'
import { ERASED } from '../../src/decider/facet.js'
import { DefineRunbook } from '../../src/organisation/runbooks.js'
import { at, givenOrganisation as given } from '../support/given.js'

const step = { key: 'stop', title: 'Stop writing' }
const settled = { ...step, needsApproval: false }
const define = (data: Partial<DefineRunbook> = {}) => ({
  type: 'DefineRunbook' as const,
  data: { key: 'failover', name: 'Fail over', steps: [step], ...data },
})
const content = { name: 'Fail over', inOrder: false, steps: [settled] }
const defined = (version: number, data: object = {}) =>
  ({ type: 'RunbookDefined', data: { key: 'failover', version, ...content, ...data } }) as const
const retire = { type: 'RetireRunbook', data: { key: 'failover', reason: 'Automated' } } as const
const retired = { type: 'RunbookRetired', data: retire.data, at: at('12:05') } as const

describe('defining a runbook', () => {
  test('makes a version, and another each time something differs', () => {
    given().when(define()).thenRecorded(defined(1))
    given(defined(1)).when(define()).thenNothing()
    given(defined(1))
      .when(define({ inOrder: true }))
      .thenRecorded(defined(2, { inOrder: true }))
    given(defined(2), retired).when(define()).thenRecorded(defined(3))
  })

  test('again says nothing new, in whatever order the log gives the fields back', () =>
    given(defined(1, { steps: [{ needsApproval: false, title: step.title, key: 'stop' }] }))
      .when(define())
      .thenNothing())

  test('tells steps in another order as another version', () => {
    const steps = [step, { key: 'switch', title: 'Switch over', needsApproval: true }]
    const both = [settled, { key: 'switch', title: 'Switch over', needsApproval: true }]
    given(defined(1, { steps: both }))
      .when(define({ steps: steps.toReversed() }))
      .thenRecorded(defined(2, { steps: both.toReversed() }))
  })

  test('is refused for two steps of one key', () =>
    given()
      .when(define({ steps: [step, step] }))
      .thenRefused('INVALID_INPUT', { fields: ['steps'] }))

  test('is over when 200 are defined, but for those that are', () => {
    const many = new Map(
      Array.from({ length: 200 }, (_, n) => [`r${n}`, { version: 1, ...content }]),
    )
    const full = { ...given().state, runbooks: many }
    given.with(full).when(define()).thenRefused('LIMIT_REACHED')
    given
      .with(full)
      .when(define({ key: 'r0' }))
      .thenNothing()
  })

  test.each([
    ['a key of capitals', { key: 'Failover' }, ['key']],
    ['no step', { steps: [] }, ['steps']],
    ['more than 50 steps', { steps: Array(51).fill(step) }, ['steps']],
    ['a step without a title', { steps: [{ key: 'a' }] }, ['steps[0].title']],
    [
      'instructions that nobody reads',
      { steps: [{ ...step, instructions: 'x'.repeat(2001) }] },
      ['steps[0].instructions'],
    ],
    ['an order that is neither', { inOrder: 'yes' }, ['inOrder']],
  ])('takes no %s', (_, differs, fields) =>
    expect(() => payload(DefineRunbook, { ...define().data, ...differs })).toThrow(
      expect.objectContaining({
        code: 'INVALID_INPUT',
        details: expect.objectContaining({ fields }),
      }),
    ),
  )
})

test('a runbook is retired once, and kept', () => {
  given(defined(1)).when(retire).thenRecorded({ type: 'RunbookRetired', data: retire.data })
  given(defined(1), retired).when(retire).thenNothing()
  given().when(retire).thenRefused('UNKNOWN_RUNBOOK', { key: 'failover' })
  expect(given(defined(1), retired).state.runbooks.get('failover')).toEqual({
    version: 1,
    ...content,
    retiredAt: at('12:05'),
  })
  expect(given(retired).state.runbooks.size).toBe(0)
})

test('a runbook whose steps were erased has none', () =>
  expect(given(defined(1, { steps: ERASED })).state.runbooks.get('failover')?.steps).toEqual([]))

test('the log tells which versions there were, and the end', () =>
  expect(given(defined(1), defined(2), retired).tells()).toEqual([
    'alice defined version 1 of the runbook “Fail over” (failover)',
    'alice defined version 2 of the runbook “Fail over” (failover)',
    'alice retired the runbook “Fail over”: Automated',
  ]))
