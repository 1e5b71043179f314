import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Append, Outcome } from '../../../src/event-store/sqlite/messages.js'
import {
  packed,
  packedOutcomes,
  unpacked,
  unpackedOutcomes,
} from '../../../src/event-store/sqlite/packed.js'

const text = fc.string({ unit: 'binary' })
const hash = fc.string({ unit: 'binary', minLength: 1 })
const revision = fc.integer({ min: -1, max: 50_000 })
/** Events that follow one another, as appends hold them. */
const appendOf = (minLength: number): fc.Arbitrary<Append> =>
  fc
    .record({
      stream: text,
      expectedRevision: revision,
      follows: hash,
      own: fc.array(fc.record({ id: text, type: text, hash, bytes: text }), { minLength }),
    })
    .map(({ stream, expectedRevision, follows, own }) => ({
      stream,
      expectedRevision,
      events: own.map((one, i) => ({
        ...one,
        stream,
        revision: expectedRevision + 1 + i,
        previousHash: own[i - 1]?.hash ?? follows,
      })),
    }))
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ revision, position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }),
  fc.record({ wrongRevision: revision }),
  fc.record({
    fault: fc.constantFrom('FULL' as const, 'UNKNOWN' as const),
    message: text,
    lasting: fc.boolean(),
  }),
)

const crossed = (appends: readonly Append[]) => unpacked(structuredClone(packed(appends)))

test('what is packed is unpacked as it was', () => {
  fc.assert(
    fc.property(fc.array(appendOf(1)), appends => expect(crossed(appends)).toEqual(appends)),
  )
  fc.assert(
    fc.property(fc.array(outcome), outcomes =>
      expect(unpackedOutcomes(structuredClone(packedOutcomes(outcomes)))).toEqual(outcomes),
    ),
  )
})

test.each([
  ['is of another stream', { stream: 'another' }],
  ['has another revision', { revision: -7 }],
  ['follows another', { previousHash: 'another' }],
])('events of which one %s arrive as such that follow nothing', (_, change) => {
  fc.assert(
    fc.property(appendOf(2), fc.nat(), ({ events, ...place }, at) => {
      const which = 1 + (at % (events.length - 1))
      const changed = events.map((one, i) => (i === which ? { ...one, ...change } : one))
      const [arrived] = crossed([{ ...place, events: changed }])
      expect(arrived!.events[0]!.previousHash).toBe('')
    }),
  )
})
