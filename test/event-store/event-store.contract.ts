import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { EventStore } from '../../src/event-store/event-store.js'
import { WrongRevision } from '../../src/event-store/event-store.js'
import {
  type SealedEvent,
  type StoredEvent,
  firstHash,
  seal,
} from '../../src/event-store/stored-event.js'

export interface Opened {
  store: EventStore
  close: () => Promise<void>
}

/** Chained events for a stream, from revision `from` after `previous`. */
export function sealed(
  stream: string,
  count: number,
  previous = firstHash(stream),
  from = 0,
): SealedEvent[] {
  const events: SealedEvent[] = []
  for (let revision = from; revision < from + count; revision++)
    events.push(
      seal(events.at(-1)?.hash ?? previous, {
        stream,
        revision,
        type: 'ObservationRecorded',
        schemaVersion: 1,
        mode: 'LIVE' as const,
        data: { text: `${Math.random()}`, evidence: [] },
        occurredAt: '2026-01-01T12:00:00.000Z',
        recordedAt: '2026-01-01T12:00:00.000Z',
        actor: { type: 'USER', id: 'alice' },
        correlationId: 'c',
      }),
    )
  return events
}

/** What every adapter promises. `open` gives an empty store. */
export function eventStoreContract(name: string, open: () => Promise<Opened>): void {
  describe(name, () => {
    let store: EventStore
    let close: () => Promise<void>
    beforeEach(async () => ({ store, close } = await open()))
    afterEach(() => close())

    test('gives back what was appended, in order', async () => {
      const events = sealed('incident-a', 3)
      expect(await store.append('incident-a', -1, events)).toMatchObject({ revision: 2 })
      expect((await store.read('incident-a', 1)).map(e => e.id)).toEqual(
        events.slice(1).map(e => e.id),
      )
    })

    test('finds a whole repeat done', async () => {
      const events = sealed('incident-a', 2)
      const first = await store.append('incident-a', -1, events)
      expect(await store.append('incident-a', -1, events)).toEqual(first)
      expect(await store.read('incident-a', 0)).toHaveLength(2)
    })

    test.each([
      ['other events', (): SealedEvent[] => sealed('incident-a', 2)],
      [
        'part of a repeat and more',
        (events: SealedEvent[]) => [...events, ...sealed('incident-a', 1, events[1]!.hash, 2)],
      ],
      ['a repeat in another order', (events: SealedEvent[]) => events.toReversed()],
    ])('refuses %s at a revision that is taken', async (_, again) => {
      const events = sealed('incident-a', 2)
      await store.append('incident-a', -1, events)
      await expect(store.append('incident-a', -1, again(events))).rejects.toEqual(
        new WrongRevision(1),
      )
    })

    test('has one winner per revision, and the losers leave nothing', async () => {
      const tries = Array.from({ length: 50 }, () =>
        store.append('incident-a', -1, sealed('incident-a', 2)),
      )
      const settled = await Promise.allSettled(tries)
      expect(settled.filter(s => s.status === 'fulfilled')).toHaveLength(1)
      expect(await store.read('incident-a', 0)).toHaveLength(2)
    })

    test('is followed without a gap or a repeat, from the past into the present', async () => {
      await store.append('incident-a', -1, sealed('incident-a', 700))
      const seen: StoredEvent[] = []
      const stop = new AbortController()
      const following = store.follow(
        0n,
        async event => void (seen.push(event) === 720 && stop.abort()),
        stop.signal,
      )
      for (let i = 0; i < 20; i++)
        await store.append(`incident-b${i}`, -1, sealed(`incident-b${i}`, 1))
      await following
      expect(seen.map(e => e.position)).toEqual(
        (await store.readAll(0n, 1000)).map(e => e.position),
      )
      expect(seen.at(-1)!.position).toBe(await store.head())
    })
  })
}
