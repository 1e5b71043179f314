import { describe, expect, test } from '@jest/globals'
import { type Position, StoreUnavailable } from '../../../src/event-store/event-store.js'
import type { StoredEvent } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'

/** Follows until it has seen `count` events. */
async function follow(subject: Subject, from: Position, count: number): Promise<StoredEvent[]> {
  const seen: StoredEvent[] = []
  const stop = new AbortController()
  const take = async (event: StoredEvent) => void (seen.push(event) === count && stop.abort())
  await subject.store.follow(from, take, stop.signal)
  return seen
}

export function following(subject: Subject): void {
  const stored = async (count: number) => {
    const before = await subject.store.head()
    const events = sealed(newStream(), count)
    await subject.store.append(events[0]!.stream, -1, events)
    return { before, events }
  }

  describe('a follower', () => {
    test('sees what was there before it came, in order', async () => {
      const { before, events } = await stored(1200)
      expect(idsOf(await follow(subject, before, 1200))).toEqual(idsOf(events))
    })

    test('sees what comes after it, in order', async () => {
      const following = follow(subject, await subject.store.head(), 30)
      const events = sealed(newStream(), 30)
      for (const [i, event] of events.entries())
        await subject.store.append(event.stream, i - 1, [event])
      expect(idsOf(await following)).toEqual(idsOf(events))
    })

    test('misses nothing and sees nothing twice where past and present meet', async () => {
      const { before, events } = await stored(700)
      const following = follow(subject, before, 900)
      const more = after(events, 200)
      await Promise.all(
        more.map(event => subject.store.append(event.stream, event.revision - 1, [event])),
      )
      expect(idsOf(await following)).toEqual(idsOf([...events, ...more]))
    })

    test('starts after the position it is given', async () => {
      const { events } = await stored(10)
      const { position } = (await subject.store.read(events[0]!.stream, 0))[3]!
      expect(idsOf(await follow(subject, position, 6))).toEqual(idsOf(events.slice(4)))
    })

    test('sees the same as the others do', async () => {
      const { before, events } = await stored(20)
      const all = Promise.all([1, 2, 3, 4].map(() => follow(subject, before, 40)))
      const more = after(events, 20)
      await subject.store.append(more[0]!.stream, 19, more)
      for (const seen of await all) expect(idsOf(seen)).toEqual(idsOf([...events, ...more]))
    })

    test('gets one event at a time', async () => {
      const { before } = await stored(20)
      const stop = new AbortController()
      let [running, most, seen] = [0, 0, 0]
      const take = async () => {
        most = Math.max(most, ++running)
        await new Promise(resolve => setTimeout(resolve, 1))
        running--
        if (++seen === 20) stop.abort()
      }
      await subject.store.follow(before, take, stop.signal)
      expect(most).toBe(1)
    })

    test('that is slow holds up nobody', async () => {
      const { before, events } = await stored(2)
      const stop = new AbortController()
      let wake = () => {}
      const slow = new Promise<void>(resolve => (wake = resolve))
      const held = subject.store.follow(before, () => slow, stop.signal)
      expect(idsOf(await follow(subject, before, 2))).toEqual(idsOf(events))
      stop.abort()
      wake()
      await held
    })

    test('is told each time it has seen all', async () => {
      const { before, events } = await stored(3)
      const stop = new AbortController()
      const told: Position[] = []
      const more = after(events, 1)
      const caughtUp = (position: Position) => {
        if (told.push(position) === 1) void subject.store.append(more[0]!.stream, 2, more)
        if (told.at(-1) !== told[0]) stop.abort()
      }
      let seen = 0
      await subject.store.follow(before, async () => void seen++, stop.signal, caughtUp)
      const [, , third, fourth] = await subject.store.read(events[0]!.stream, 0)
      expect(told[0]).toBe(third!.position)
      expect(told.at(-1)).toBe(fourth!.position)
      expect(seen).toBe(4)
    })

    test('at the end of the log is told so at once', async () => {
      const stop = new AbortController()
      const head = await subject.store.head()
      const told: Position[] = []
      const caughtUp = (position: Position) => (told.push(position), stop.abort())
      await subject.store.follow(head, async () => {}, stop.signal, caughtUp)
      expect(told).toEqual([head])
    })

    test('that throws is ended with what it threw', async () => {
      const { before } = await stored(3)
      let seen = 0
      const take = async () => {
        if (++seen === 2) throw new Error('cannot take this')
      }
      const { signal } = new AbortController()
      await expect(subject.store.follow(before, take, signal)).rejects.toThrow('cannot take this')
      expect(seen).toBe(2)
    })

    test('that was aborted before it began sees nothing', async () => {
      const { before } = await stored(1)
      const never = () => Promise.reject(new Error('called'))
      await subject.store.follow(before, never, AbortSignal.abort())
    })

    test('that waits ends when it is aborted', async () => {
      const stop = new AbortController()
      const head = await subject.store.head()
      const caughtUp = () => void setTimeout(() => stop.abort(), 20)
      await subject.store.follow(head, async () => {}, stop.signal, caughtUp)
    })

    test('sees nothing after it is aborted', async () => {
      const { before } = await stored(10)
      expect(await follow(subject, before, 3)).toHaveLength(3)
    })

    test('is told when the store is closed', async () => {
      const { signal } = new AbortController()
      const head = await subject.store.head()
      const following = subject.store.follow(head, async () => {}, signal)
      const told = expect(following).rejects.toThrow(StoreUnavailable)
      await subject.reopen()
      await told
    })
  })
}
