import { describe, expect, test } from '@jest/globals'
import { detectionSources } from '../../src/incident/detection.js'
import { declared, into } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const detect = (source: (typeof detectionSources)[number]) =>
  ({ type: 'RecordDetection', data: { source } }) as const
const byCustomer: Fact = {
  type: 'DetectionRecorded',
  data: { source: 'CUSTOMER' },
  at: at('11:50'),
}

describe('that somebody noticed it', () => {
  test.each(detectionSources)('is recorded of %s by anybody', source =>
    given(declared)
      .when(detect(source), 'bob')
      .thenRecorded({ type: 'DetectionRecorded', data: { source } }),
  )

  test('mostly happened before the declaration', () =>
    given(declared)
      .when(detect('MONITORING'), { claimed: at('11:40') })
      .thenOccurred(at('11:40')))

  test('did not happen in the future', () =>
    given(declared)
      .when(detect('MONITORING'), { claimed: at('12:12') })
      .thenRefused('OCCURRED_IN_FUTURE'))

  test('later, or at the same time, says nothing new of a source', () => {
    for (const claimed of [at('11:50'), at('12:00')])
      given(declared, byCustomer).when(detect('CUSTOMER'), { claimed }).thenNothing()
  })

  test('earlier, or by another source, does', () => {
    for (const [source, claimed] of [
      ['CUSTOMER', '11:49'],
      ['MONITORING', '12:00'],
    ] as const)
      given(declared, byCustomer)
        .when(detect(source), { claimed: at(claimed) })
        .thenRecorded({ type: 'DetectionRecorded', data: { source } })
  })

  test('can be said once it is over', () =>
    expect(given(...into.CLOSED).lists('RecordDetection')).toBe(true))
})

test('the timeline tells who noticed it, and who says so', () =>
  expect(
    given(declared, byCustomer, { ...byCustomer, by: { type: 'SYSTEM', id: 'import' } })
      .tells()
      .slice(1),
  ).toEqual(['A customer noticed it, says alice', 'A customer noticed it']))
