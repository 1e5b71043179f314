import { describe, expect, test } from '@jest/globals'
import { WrongRevision } from '../../../src/event-store/event-store.js'
import { firstHash, seal } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'

export function appending(subject: Subject): void {
  describe('an append', () => {
    test('of nothing is refused, since it would say nothing about the stream', async () => {
      await expect(subject.store.append(newStream(), -1, [])).rejects.toThrow(TypeError)
    })

    test('answers the revision and the position of its last event', async () => {
      const stream = newStream()
      const answer = await subject.store.append(stream, -1, sealed(stream, 3))
      const stored = await subject.store.read(stream, 0)
      expect(answer).toEqual({ revision: 2, position: stored[2]!.position })
    })

    test('is the end of the log', async () => {
      const stream = newStream()
      const { position } = await subject.store.append(stream, -1, sealed(stream, 2))
      expect(await subject.store.head()).toBe(position)
    })

    test('that is refused leaves the log where it was', async () => {
      const stream = newStream()
      await subject.store.append(stream, -1, sealed(stream, 1))
      const head = await subject.store.head()
      await expect(subject.store.append(stream, 5, sealed(stream, 1))).rejects.toThrow(
        WrongRevision,
      )
      expect(await subject.store.head()).toBe(head)
    })

    test('that is repeated does not move the log', async () => {
      const stream = newStream()
      const events = sealed(stream, 2)
      const first = await subject.store.append(stream, -1, events)
      expect(await subject.store.append(stream, -1, events)).toEqual(first)
      expect(await subject.store.head()).toBe(first.position)
    })

    test('is found done however much came after it', async () => {
      const stream = newStream()
      const events = sealed(stream, 2)
      const first = await subject.store.append(stream, -1, events)
      await subject.store.append(stream, 1, after(events, 500))
      expect(await subject.store.append(stream, -1, events)).toEqual(first)
    })

    test('that is sent twice at once is stored once, and both are answered the same', async () => {
      const stream = newStream()
      const events = sealed(stream, 3)
      const answers = await Promise.all(
        [1, 2, 3].map(() => subject.store.append(stream, -1, events)),
      )
      expect(new Set(answers.map(({ position }) => position)).size).toBe(1)
      expect(await subject.store.read(stream, 0)).toHaveLength(3)
    })

    test('with an event of another stream is refused whole', async () => {
      const [stream, other] = [newStream(), newStream()]
      const mixed = [...sealed(stream, 1), ...sealed(other, 1)]
      await expect(subject.store.append(stream, -1, mixed)).rejects.toThrow(WrongRevision)
      expect(await subject.store.read(stream, 0)).toEqual([])
      expect(await subject.store.read(other, 0)).toEqual([])
    })

    test('to one stream says nothing about another', async () => {
      const [a, b] = [newStream(), newStream()]
      const [ofA, ofB] = [sealed(a, 2), sealed(b, 2)]
      await subject.store.append(a, -1, ofA)
      await subject.store.append(b, -1, ofB)
      expect(idsOf(await subject.store.read(a, 0))).toEqual(idsOf(ofA))
      expect(idsOf(await subject.store.read(b, 0))).toEqual(idsOf(ofB))
    })

    test('of 2,000 events is one append', async () => {
      const stream = newStream()
      const events = sealed(stream, 2000)
      expect(await subject.store.append(stream, -1, events)).toMatchObject({ revision: 1999 })
      expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf(events))
    })

    test('keeps members of the envelope that only a newer version knows', async () => {
      const stream = newStream()
      const [plain] = sealed(stream, 1)
      const envelope = { ...JSON.parse(plain!.bytes), format: 'sealed-2', more: { deep: [1] } }
      const newer = seal(firstHash(stream), envelope)
      await subject.store.append(stream, -1, [newer])
      const [stored] = await subject.store.read(stream, 0)
      expect(stored).toMatchObject({ id: newer.id, format: 'sealed-2', more: { deep: [1] } })
    })

    test.each([
      ['letters of any script', () => 'Größe 事故 инцидент 🚒🧯'],
      ['a zero character', () => 'a\u0000b'],
      ['quotes and breaks', () => `'"\\\n\r\u2028`],
      ['composed and decomposed letters apart', () => 'é e\u0301'],
      ['200 KiB', () => 'x'.repeat(200 * 1024)],
    ])('keeps a text of %s as it is', async (_, text) => {
      const stream = newStream()
      const events = sealed(stream, 2, undefined, 0, text)
      await subject.store.append(stream, -1, events)
      const stored = await subject.store.read(stream, 0)
      expect(stored.map(({ data }) => data)).toEqual([
        { text: text(), evidence: [] },
        { text: text(), evidence: [] },
      ])
      expect(stored.map(({ hash }) => hash)).toEqual(events.map(({ hash }) => hash))
    })

    test.each(['organisation', 'reference', 'delivery-1', 'access-2026-01-01', 'incident-Ü 100%_'])(
      'may be to a stream called %s',
      async name => {
        const stream = `${name}-${newStream()}`
        const events = sealed(stream, 2)
        await subject.store.append(stream, -1, events)
        expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf(events))
        expect(await subject.store.read(`${stream}x`, 0)).toEqual([])
        expect(await subject.store.read(stream.toUpperCase(), 0)).toEqual([])
      },
    )
  })
}
