import { describe, expect, test } from '@jest/globals'
import { type Envelope, firstHash, seal } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { newStream, sealed } from '../sealed.js'

const data: [string, object][] = [
  ['nothing', {}],
  ['lists in lists', { a: [[], [[1], []], [{ b: [] }]] }],
  ['numbers at the ends of what there is', { n: [0, -1, 0.1, 1e21, 5e-324, 2 ** 53 - 1] }],
  ['yes, no and nothing', { list: [true, false, null] }],
  ['names in any order', { z: 1, a: { y: 1, b: 2 }, é: 1, Z: 1, '': 1 }],
  ['names that JavaScript knows', { constructor: 'a', toString: 'b', length: 3 }],
  ['a text that looks like JSON', { text: '{"a":"\\u0041"}' }],
  ['numbers as names', { 10: 'a', 9: 'b', '01': 'c' }],
]
const members: [string, Partial<Envelope>][] = [
  [
    'a time that is not exact',
    { timing: 'APPROXIMATE', occurredUntil: '2026-01-01T13:00:00.000Z' },
  ],
  ['a reason to override', { overrideReason: 'Nobody answers' }],
  [
    'a cause and the policy',
    { policyRevision: 0, causationId: '0198c0de-0000-8000-8000-000000000005' },
  ],
  ['a name of its command', { commandId: 'ü '.repeat(60), commandDigest: 'f'.repeat(64) }],
  ['an actor by another’s hand', { actor: { type: 'USER', id: 'alice', via: 'key' } }],
  ['a drill', { mode: 'DRILL' }],
]

/** What is in an event comes back as it was, to the byte: its hash is of these bytes. */
export function contents(subject: Subject): void {
  describe('an event', () => {
    const comesBack = async (change: Partial<Envelope>) => {
      const stream = newStream()
      const [plain] = sealed(stream, 1)
      const envelope = { ...(JSON.parse(plain!.bytes) as Envelope), ...change }
      const event = seal(firstHash(stream), envelope)
      await subject.store.append(stream, -1, [event])
      const [{ id, hash, position: _, ...stored }] = (await subject.store.read(stream, 0)) as [any]
      expect(seal(firstHash(stream), stored).bytes).toBe(event.bytes)
      expect([id, hash, stored]).toEqual([event.id, event.hash, envelope])
    }
    test.each(data)('that says %s comes back as it was', async (_, data) => comesBack({ data }))
    test.each(members)('with %s comes back as it was', async (_, change) => comesBack(change))
  })
}
