import { describe, expect, test } from '@jest/globals'
import { WrongRevision } from '../../../src/event-store/event-store.js'
import { firstHash } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { newStream, sealed } from '../sealed.js'

export function concurrency(subject: Subject, triesEach: number): void {
  describe('writers at once', () => {
    test('have one winner, and the losers leave nothing', async () => {
      const stream = newStream()
      const tries = Array.from({ length: 50 }, () =>
        subject.store.append(stream, -1, sealed(stream, 2)),
      )
      const settled = await Promise.allSettled(tries)
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await subject.store.read(stream, 0)).toHaveLength(2)
    })

    test('on streams of their own are all done', async () => {
      const streams = Array.from({ length: 100 }, newStream)
      const answers = await Promise.all(
        streams.map(stream => subject.store.append(stream, -1, sealed(stream, 3))),
      )
      expect(answers.every(({ revision }) => revision === 2)).toBe(true)
      expect(new Set(answers.map(({ position }) => position)).size).toBe(100)
    })

    test('of whom one is refused do not notice', async () => {
      const [a, b, c] = [newStream(), newStream(), newStream()]
      const tries = [
        subject.store.append(a, -1, sealed(a, 1)),
        subject.store.append(b, 7, sealed(b, 2, undefined, 8)),
        subject.store.append(c, -1, sealed(c, 1)),
      ]
      const settled = (await Promise.allSettled(tries)).map(({ status }) => status)
      expect(settled).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    })

    test(`in one stream, 8 of them with ${triesEach} tries each, have one winner per revision`, async () => {
      const stream = newStream()
      const before = await subject.store.head()
      const won: { revision: number; position: bigint }[] = []
      let head = { revision: -1, hash: firstHash(stream) }
      const write = async () => {
        for (let i = 0; i < triesEach; i++) {
          const { revision, hash } = head
          const events = sealed(stream, 1, hash, revision + 1)
          try {
            won.push(await subject.store.append(stream, revision, events))
            head = { revision: revision + 1, hash: events[0]!.hash }
          } catch (error) {
            expect(error).toBeInstanceOf(WrongRevision)
            expect((error as WrongRevision).actual).toBeGreaterThan(revision)
          }
        }
      }
      await Promise.all(Array.from({ length: 8 }, write))
      expect(won.map(({ revision }) => revision)).toEqual([...won.keys()])
      won.forEach(({ position }, i) =>
        expect(position > (won[i - 1]?.position ?? before)).toBe(true),
      )
      const stored = await subject.store.read(stream, 0)
      expect(stored.map(({ position }) => position)).toEqual(won.map(({ position }) => position))
    })
  })
}
