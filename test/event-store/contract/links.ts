import { describe, expect, test } from '@jest/globals'
import { WrongRevision } from '../../../src/event-store/event-store.js'
import { firstHash } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'

/** Revisions alone do not say what an event follows: another's may have the same number. */
export function links(subject: Subject): void {
  describe('an event', () => {
    test('that follows another than the last is refused', async () => {
      const stream = newStream()
      const there = sealed(stream, 2)
      await subject.store.append(stream, -1, there)
      const astray = sealed(stream, 1, sealed(stream, 2)[1]!.hash, 2)
      await expect(subject.store.append(stream, 1, astray)).rejects.toEqual(new WrongRevision(1))
      expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf(there))
    })

    test('that does not begin its stream is refused as its first', async () => {
      const [stream, other] = [newStream(), newStream()]
      const astray = sealed(stream, 1, firstHash(other))
      await expect(subject.store.append(stream, -1, astray)).rejects.toEqual(new WrongRevision(-1))
      expect(await subject.store.read(stream, 0)).toEqual([])
    })

    test('that does not follow the one before it in its append is refused with it', async () => {
      const stream = newStream()
      const [first] = sealed(stream, 1)
      const astray = sealed(stream, 1, sealed(stream, 1)[0]!.hash, 1)
      await expect(subject.store.append(stream, -1, [first!, ...astray])).rejects.toEqual(
        new WrongRevision(-1),
      )
      expect(await subject.store.read(stream, 0)).toEqual([])
    })
  })

  describe('appends that are sent on one another, without waiting', () => {
    const split = (events: ReturnType<typeof sealed>) =>
      events.map(event =>
        subject.store.append(event.stream, event.revision - 1, [event]).then(
          ({ position }) => position,
          error => (error as WrongRevision).actual,
        ),
      )

    test('are all stored, and each is told its position', async () => {
      const stream = newStream()
      const positions = await Promise.all(split(sealed(stream, 300)))
      const stored = await subject.store.read(stream, 0)
      expect(stored.map(({ position }) => position)).toEqual(positions)
    })

    test('are all refused if somebody else was there before the first', async () => {
      const stream = newStream()
      const [first] = sealed(stream, 1)
      await subject.store.append(stream, -1, [first!])
      const ours = after([first!], 5)
      const theirs = after([first!], 3)
      await subject.store.append(stream, 0, theirs)
      expect(await Promise.all(split(ours))).toEqual([3, 3, 3, 3, 3])
      expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf([first!, ...theirs]))
    })

    test('are stored up to the first that nobody can follow', async () => {
      const stream = newStream()
      const good = sealed(stream, 3)
      const astray = sealed(stream, 2, sealed(stream, 1)[0]!.hash, 3)
      const outcomes = await Promise.all(split([...good, ...astray]))
      expect(outcomes.slice(3)).toEqual([2, 2])
      expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf(good))
    })

    test('are found done, those of them that are there', async () => {
      const stream = newStream()
      const events = sealed(stream, 6)
      const first = await Promise.all(split(events.slice(0, 3)))
      const again = await Promise.all(split(events))
      expect(again.slice(0, 3)).toEqual(first)
      expect(idsOf(await subject.store.read(stream, 0))).toEqual(idsOf(events))
    })
  })
}
