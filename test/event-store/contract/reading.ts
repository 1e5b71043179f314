import { describe, expect, test } from '@jest/globals'
import type { EventStore, Position } from '../../../src/event-store/event-store.js'
import type { StoredEvent } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { idsOf, newStream, sealed } from '../sealed.js'

/** All after a position, in pages: only an empty one is the end. */
async function pages(store: EventStore, after: Position, limit: number) {
  const events: StoredEvent[] = []
  for (;;) {
    const page = await store.readAll(events.at(-1)?.position ?? after, limit)
    expect(page.length).toBeLessThanOrEqual(limit)
    if (page.length === 0) return events
    events.push(...page)
  }
}

export function reading(subject: Subject): void {
  const stored = async (count: number) => {
    const stream = newStream()
    const before = await subject.store.head()
    const events = sealed(stream, count)
    await subject.store.append(stream, -1, events)
    return { stream, events, before }
  }

  describe('a stream', () => {
    test.each([
      [0, 5],
      [1, 4],
      [4, 1],
      [5, 0],
      [1000, 0],
    ])('of five read from revision %d gives %d, in order', async (from, count) => {
      const { stream, events } = await stored(5)
      const read = await subject.store.read(stream, from)
      expect(read).toHaveLength(count)
      expect(idsOf(read)).toEqual(idsOf(events.slice(from)))
      expect(read.map(({ revision }) => revision)).toEqual(
        events.slice(from).map(({ revision }) => revision),
      )
    })

    test.each([
      [0, 1, 1],
      [0, 4, 4],
      [0, 5, 5],
      [0, 6, 5],
      [2, 2, 2],
      [4, 1, 1],
      [4, 2, 1],
      [5, 1, 0],
    ])('of five read from revision %d, at most %d of it, gives %d', async (from, limit, count) => {
      const { stream, events } = await stored(5)
      const read = await subject.store.read(stream, from, limit)
      expect(idsOf(read)).toEqual(idsOf(events.slice(from, from + count)))
    })

    test('that nobody wrote to is empty', async () => {
      expect(await subject.store.read(newStream(), 0)).toEqual([])
      expect(await subject.store.read(newStream(), 0, 1)).toEqual([])
    })

    test('gives back every member of an event, and its hash', async () => {
      const { stream, events } = await stored(1)
      const [event] = await subject.store.read(stream, 0)
      const { id, hash, position, ...envelope } = event!
      expect(envelope).toEqual(JSON.parse(events[0]!.bytes))
      expect({ id, hash }).toEqual({ id: events[0]!.id, hash: events[0]!.hash })
      expect(typeof position).toBe('bigint')
    })

    test('is the same after a restart', async () => {
      const { stream } = await stored(3)
      const before = await subject.store.read(stream, 0)
      await subject.reopen()
      expect(await subject.store.read(stream, 0)).toEqual(before)
    })
  })

  describe('the whole log', () => {
    test.each([1, 2, 7, 1000])('is the same in pages of %d', async limit => {
      const { before, events } = await stored(9)
      const more = await stored(4)
      expect(idsOf(await pages(subject.store, before, limit))).toEqual(
        idsOf([...events, ...more.events]),
      )
    })

    test('has growing positions, and those of a stream are the same as in the stream', async () => {
      const { before, stream } = await stored(6)
      const all = await pages(subject.store, before, 4)
      expect(all).toEqual(await subject.store.read(stream, 0))
      all.forEach((event, i) =>
        expect(event.position > (all[i - 1]?.position ?? before)).toBe(true),
      )
    })

    test('has nothing after its head', async () => {
      await stored(1)
      expect(await subject.store.readAll(await subject.store.head(), 10)).toEqual([])
    })

    test('has its last event at the head', async () => {
      const { before } = await stored(3)
      const all = await pages(subject.store, before, 100)
      expect(all.at(-1)!.position).toBe(await subject.store.head())
    })

    test('is read from the middle of a stream, each link still checked', async () => {
      const { stream, events } = await stored(5)
      const [, middle] = await subject.store.read(stream, 0)
      const rest = await pages(subject.store, middle!.position, 2)
      expect(idsOf(rest)).toEqual(idsOf(events.slice(2)))
    })

    test('keeps the order in which streams were written in turns', async () => {
      const before = await subject.store.head()
      const [a, b] = [sealed(newStream(), 3), sealed(newStream(), 3)]
      for (let i = 0; i < 3; i++)
        for (const events of [a, b])
          await subject.store.append(events[i]!.stream, i - 1, [events[i]!])
      const expected = [0, 1, 2].flatMap(i => [a[i]!, b[i]!])
      expect(idsOf(await pages(subject.store, before, 4))).toEqual(idsOf(expected))
    })

    test('gives events of 200 KiB in pages of any size', async () => {
      const before = await subject.store.head()
      const events = sealed(newStream(), 30, undefined, 0, () => 'x'.repeat(200 * 1024))
      await subject.store.append(events[0]!.stream, -1, events)
      expect(idsOf(await pages(subject.store, before, 1000))).toEqual(idsOf(events))
    })

    test('has the same head after a restart', async () => {
      await stored(1)
      const head = await subject.store.head()
      await subject.reopen()
      expect(await subject.store.head()).toBe(head)
    })
  })
}
