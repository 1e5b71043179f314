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
const revision = fc.integer({ min: -1, max: 50_000 })
const event = fc.record({
  id: text,
  stream: text,
  revision,
  type: text,
  hash: text,
  previousHash: text,
  bytes: text,
})
const append: fc.Arbitrary<Append> = fc.record({
  stream: text,
  expectedRevision: revision,
  events: fc.array(event),
})
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.record({ revision, position: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }) }),
  fc.record({ wrongRevision: revision }),
  fc.record({
    fault: fc.constantFrom('FULL' as const, 'UNKNOWN' as const),
    message: text,
    lasting: fc.boolean(),
  }),
)

test('what is packed is unpacked as it was', () => {
  fc.assert(
    fc.property(fc.array(append), appends =>
      expect(unpacked(structuredClone(packed(appends)))).toEqual(appends),
    ),
  )
  fc.assert(
    fc.property(fc.array(outcome), outcomes =>
      expect(unpackedOutcomes(structuredClone(packedOutcomes(outcomes)))).toEqual(outcomes),
    ),
  )
})
