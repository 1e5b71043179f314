import { describe, expect, test } from '@jest/globals'
import { decider } from '../../src/decider/decider.js'
import { type Facet, Rejected, fact } from '../../src/decider/facet.js'
import { askingOf, at, recorded } from '../support/given.js'

class Open {}
interface Commands {
  Open: Open
}
interface Events {
  Opened: { how: string }
}
interface Doors {
  readonly front: boolean
}
const front: Facet<Doors, boolean, Commands, Events> = {
  initial: false,
  payloads: { Open },
  may: {
    Open({ front }, { actor }) {
      if (actor.id === 'thief') throw new Rejected('NOT_COMMANDER', 'Never.')
      if (actor.id === 'broken') throw new TypeError('A fault')
      if (front) return 'ALREADY_SO'
    },
  },
  after: { Open: () => at('12:05') },
  decide: { Open: (_, __, { now }) => [{ type: 'Opened', data: { how: `at ${now}` } }] },
  evolve: { Opened: () => true },
  narrate: { Opened: ({ data }) => fact(data.how) },
  sensitive: { Opened: { how: 'PLAIN' } },
}
const doors = decider<Doors, { front: typeof front }>({ front })
const open = { type: 'Open', data: {} } as const
const opened = recorded<Events>({ type: 'Opened', data: { how: 'wide' } }, 0)

test('two facets that answer to one command or event do not start', () => {
  const two = () => decider<{ front: boolean; back: boolean }, any>({ front, back: front })
  expect(two).toThrow('Both front and back answer to Open')
  const back = { ...front, decide: {}, may: {}, after: {}, payloads: {} }
  const mixed = () => decider<{ front: boolean; back: boolean }, any>({ front, back })
  expect(mixed).toThrow('Both front and back answer to Opened')
})

test('what no facet answers to is a fault', () => {
  for (const type of ['Shut', 'constructor', '__proto__'])
    expect(() => doors.decide(doors.initial, { ...open, type } as never, askingOf('x'))).toThrow(
      `No facet answers to ${type}`,
    )
})

describe('what is allowed', () => {
  test('is what is neither refused nor so already', () => {
    expect(doors.allowed(doors.initial, askingOf('alice'))).toEqual(['Open'])
    expect(doors.allowed(doors.initial, askingOf('thief'))).toEqual([])
    expect(doors.allowed(doors.evolve(doors.initial, opened), askingOf('alice'))).toEqual([])
  })

  test('hides no fault', () =>
    expect(() => doors.allowed(doors.initial, askingOf('broken'))).toThrow(TypeError))
})

describe('the time of a decision', () => {
  const times = (claimed: string | undefined, clock: string) => {
    const { events, occurredAt } = doors.decide(
      doors.initial,
      open,
      askingOf({ clock, ...(claimed !== undefined && { claimed }) }),
    )
    return [events[0]!.data.how, occurredAt]
  }
  test.each([
    ['the clock’s, when nothing is claimed', undefined, at('12:10'), at('12:10')],
    ['the last one’s, when the clock was set back', undefined, at('12:01'), at('12:05')],
    ['as claimed', at('12:07'), at('12:10'), at('12:07')],
  ])('is %s', (_, claimed, clock, now) => expect(times(claimed, clock)).toEqual([`at ${now}`, now]))

  test('may not be claimed before the last one', () =>
    expect(() => times(at('12:04'), at('12:10'))).toThrow(
      expect.objectContaining({ code: 'OCCURRED_BEFORE_LAST', details: { last: at('12:05') } }),
    ))

  test('may be claimed up to a minute ahead', () => {
    expect(times(at('12:11'), at('12:10'))).toEqual([`at ${at('12:11')}`, at('12:11')])
    expect(() => times('2026-01-01T12:11:00.001Z', at('12:10'))).toThrow(
      expect.objectContaining({ code: 'OCCURRED_IN_FUTURE' }),
    )
  })

  test('is not looked at when nothing is recorded', () =>
    expect(
      doors.decide({ front: true }, open, askingOf({ claimed: '2999-01-01T00:00:00.000Z' })).events,
    ).toEqual([]))
})

test('only events of this version are known', () => {
  expect(doors.knows({ type: 'Opened', schemaVersion: 1 })).toBe(true)
  expect(doors.knows({ type: 'Opened', schemaVersion: 2 })).toBe(false)
  expect(doors.knows({ type: 'Shut', schemaVersion: 1 })).toBe(false)
  expect(doors.knows({ type: 'constructor' })).toBe(false)
})
