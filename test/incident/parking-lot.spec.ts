import { describe, expect, test } from '@jest/globals'
import { declared } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const text = 'A report by noon'
const defer = (rest: object = {}) =>
  ({ type: 'DeferRequest', data: { from: 'cc', text, ...rest } }) as const
const deferred: Fact = {
  type: 'RequestDeferred',
  data: { from: 'carol', text, until: 'RESOLVED' },
  at: at('12:05'),
}
const answer = {
  type: 'AnswerDeferredRequest',
  data: { eventId: 'event-1', answer: 'Here' },
} as const
const answered: Fact = { type: 'DeferredRequestAnswered', data: answer.data, at: at('12:07') }

describe('a request that takes time from the fix', () => {
  test('waits until the incident is resolved, or for the review', () => {
    given(declared)
      .when(defer(), 'bob')
      .thenRecorded({ type: 'RequestDeferred', data: { from: 'carol', text, until: 'RESOLVED' } })
    given(declared)
      .when(defer({ until: 'REVIEW' }))
      .thenRecorded({ type: 'RequestDeferred', data: { from: 'carol', text, until: 'REVIEW' } })
  })

  test('that waits already is not put off again, until it is answered', () => {
    given(declared, deferred).when(defer()).thenNothing()
    expect(given(declared, deferred, answered).when(defer()).outcome().events).toHaveLength(1)
  })

  test('is somebody’s whom the directory knows, and one of 200 at most', () => {
    given(declared)
      .when(defer({ from: 'nobody' }))
      .thenRefused('UNKNOWN_PERSON')
    given(declared, ...Array.from({ length: 200 }, () => deferred))
      .when(defer({ text: 'Another' }))
      .thenRefused('LIMIT_REACHED')
  })

  test('is answered once, also after the end, and not before it came', () => {
    const resolved: Fact = { type: 'IncidentResolved', data: { summary: 'Fixed' } }
    given(declared, deferred, resolved)
      .when(answer)
      .thenRecorded({ type: 'DeferredRequestAnswered', data: answer.data })
    given(declared, deferred, answered).when(answer).thenNothing()
    given(declared).when(answer).thenRefused('ENTRY_NOT_FOUND')
    given(declared, deferred)
      .when(answer, { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST')
  })

  test('is kept with its answer, and told', () => {
    const { state, tells } = given(declared, deferred, answered)
    const by = { type: 'USER', id: 'alice' }
    expect(state.parkingLot.get('event-1')).toEqual({
      ...deferred.data,
      by,
      at: at('12:05'),
      answered: { answer: 'Here', by, at: at('12:07') },
    })
    expect(tells().slice(1)).toEqual([
      'alice deferred what carol asked for until it is resolved: A report by noon',
      'alice answered what carol had asked for: Here',
    ])
  })
})
