import { describe, expect, test } from '@jest/globals'
import { audiences } from '../../src/incident/audiences.js'
import { aliceCommands, declared, into, relayed } from '../support/facts.js'
import { type Fact, at, given } from '../support/given.js'

const acknowledge = (eventId: string) =>
  ({ type: 'AcknowledgeFeedback', data: { eventId } }) as const
const acknowledged = (eventId: string): Fact => ({
  type: 'FeedbackAcknowledged',
  data: { eventId },
  at: at('12:06'),
})

test.each(audiences)('anybody relays what %s say', audience =>
  given(declared, aliceCommands)
    .when({ type: 'RelayFeedback', data: { audience, text: 'It is slow' } }, 'bob')
    .thenRecorded({ type: 'FeedbackRelayed', data: { audience, text: 'It is slow' } }),
)

describe('the commander’s inbox', () => {
  const scene = given(declared, aliceCommands, { ...relayed, by: 'bob' })

  test('holds what was relayed, by whom and when, and nobody has acknowledged it', () =>
    expect([...scene.state.feedback]).toEqual([
      [
        'event-2',
        {
          audience: 'CUSTOMERS',
          text: 'They cannot pay',
          by: { type: 'USER', id: 'bob' },
          at: at('12:00'),
        },
      ],
    ]))

  test('is the commander’s to acknowledge, once', () => {
    scene.when(acknowledge('event-2'), 'bob').thenRefused('NOT_COMMANDER')
    scene
      .when(acknowledge('event-2'), 'alice')
      .thenRecorded({ type: 'FeedbackAcknowledged', data: { eventId: 'event-2' } })
    const after = given(declared, aliceCommands, relayed, acknowledged('event-2'))
    after.when(acknowledge('event-2'), 'alice').thenNothing()
    expect(after.state.feedback.get('event-2')?.acknowledged).toEqual({
      by: { type: 'USER', id: 'alice' },
      at: at('12:06'),
    })
  })

  test('is looked after by whoever is there once the response is over', () => {
    const [first, ...moves] = into.RESOLVED
    given(first, aliceCommands, relayed, ...moves)
      .when(acknowledge('event-2'), 'bob')
      .thenRecorded({ type: 'FeedbackAcknowledged', data: { eventId: 'event-2' } })
  })

  test.each(['event-0', 'event-9', 'constructor'])('has nothing under %s', eventId =>
    scene.when(acknowledge(eventId)).thenRefused('ENTRY_NOT_FOUND', { eventId }),
  )

  test('is not acknowledged before it was brought', () =>
    given(declared, { ...relayed, at: at('12:05') })
      .when(acknowledge('event-1'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('holds five hundred', () => {
    const full = given(declared, ...Array.from({ length: 500 }, () => relayed))
    full
      .when({ type: 'RelayFeedback', data: { audience: 'SUPPORT', text: 'One more' } })
      .thenRefused('LIMIT_REACHED')
    expect(full.lists('RelayFeedback')).toBe(false)
  })
})

test('the timeline tells who said what, and who took note of it', () =>
  expect(
    given(declared, { ...relayed, by: 'bob' }, acknowledged('event-1'), acknowledged('event-9'))
      .tells()
      .slice(1),
  ).toEqual([
    'bob relayed from customers: They cannot pay',
    'alice took note of what customers said: They cannot pay',
    'alice took note of some feedback',
  ]))
