import { beforeAll, describe, expect, test } from '@jest/globals'
import { type EventStore, WrongRevision } from '../../../src/event-store/event-store.js'
import { type SealedEvent, firstHash } from '../../../src/event-store/stored-event.js'
import type { Subject } from '../event-store.contract.js'
import { after, idsOf, newStream, sealed } from '../sealed.js'

type Pick = (there: readonly SealedEvent[], stream: string) => readonly SealedEvent[]
type Outcome = { done: number } | { again: number } | { wrong: number }

const fresh =
  (count: number): Pick =>
  (there, stream) =>
    there.length > 0 ? after(there, count) : sealed(stream, count)
/** Others than those that are there, for the places from this revision on. */
const others =
  (from: number, count: number): Pick =>
  (there, stream) =>
    sealed(stream, count, there[from - 1]?.hash ?? firstHash(stream), from)
const there =
  (...revisions: number[]): Pick =>
  events =>
    revisions.map(revision => events[revision]!)
const both =
  (...picks: Pick[]): Pick =>
  (events, stream) =>
    picks.flatMap(pick => pick(events, stream))

/** What is asked of an empty stream. */
const ofNothing: [title: string, expected: number, Pick, Outcome][] = [
  ['one new event at its start is stored', -1, fresh(1), { done: 0 }],
  ['many new events at its start are stored', -1, fresh(3), { done: 2 }],
  ['one new event ahead of it is refused', 0, others(1, 1), { wrong: -1 }],
  ['many new events ahead of it are refused', 4, others(5, 3), { wrong: -1 }],
  ['events in another order are refused', -1, (_, s) => sealed(s, 2).toReversed(), { wrong: -1 }],
]

/** What is asked of a stream that holds 0, and 1 with 2, as two appends. */
const ofThree: [title: string, expected: number, Pick, Outcome][] = [
  ['one new event at its end is stored', 2, fresh(1), { done: 3 }],
  ['many new events at its end are stored', 2, fresh(3), { done: 5 }],
  ['one new event behind its end is refused', 1, others(2, 1), { wrong: 2 }],
  ['many new events behind its end are refused', 0, others(1, 3), { wrong: 2 }],
  ['another first event is refused', -1, others(0, 1), { wrong: 2 }],
  ['other first events are refused', -1, others(0, 3), { wrong: 2 }],
  ['one new event ahead of it is refused', 3, others(4, 1), { wrong: 2 }],
  ['many new events ahead of it are refused', 9, others(10, 3), { wrong: 2 }],
  ['a repeat of one event is found done', -1, there(0), { again: 0 }],
  ['a repeat of many is found done', 0, there(1, 2), { again: 2 }],
  ['a repeat of two appends as one is found done', -1, there(0, 1, 2), { again: 2 }],
  ['a repeat of the front of an append is found done', 0, there(1), { again: 1 }],
  ['a repeat of the back of an append is found done', 1, there(2), { again: 2 }],
  ['a repeat at its end is refused', 2, there(1, 2), { wrong: 2 }],
  ['a repeat of one event at its end is refused', 2, there(2), { wrong: 2 }],
  ['a repeat before its place is refused', -1, there(1, 2), { wrong: 2 }],
  ['a repeat behind its place is refused', 1, there(1), { wrong: 2 }],
  ['a repeat ahead of the end is refused', 3, there(1, 2), { wrong: 2 }],
  ['a repeat in another order is refused', 0, there(2, 1), { wrong: 2 }],
  ['a repeat of all in another order is refused', -1, there(2, 1, 0), { wrong: 2 }],
  ['a repeat in another order at its end is refused', 2, there(2, 1), { wrong: 2 }],
  ['a repeat with a hole is refused', -1, there(0, 2), { wrong: 2 }],
  ['a repeat of one event twice is refused', -1, there(0, 0), { wrong: 2 }],
  ['a repeat with another end is refused', 0, both(there(1), others(2, 1)), { wrong: 2 }],
  ['a repeat with another start is refused', 0, both(others(1, 1), there(2)), { wrong: 2 }],
  ['a repeat of one and a new one is refused', 1, both(there(2), fresh(1)), { wrong: 2 }],
  ['a repeat of many and many new is refused', 0, both(there(1, 2), fresh(2)), { wrong: 2 }],
  ['a repeat of all and a new one is refused', -1, both(there(0, 1, 2), fresh(1)), { wrong: 2 }],
]

const rows = [
  ...ofNothing.map(row => ['an empty stream', ...row] as const),
  ...ofThree.map(row => ['a stream of three', ...row] as const),
]

/** expectedRevision × what is sent × whether the process is the same (promise D7). */
export function truthTable(subject: Subject): void {
  describe.each([
    ['in the same process', async () => {}],
    ['after a restart', () => subject.reopen()],
  ])('%s', (_, meanwhile) => {
    // Each row has a stream of its own, which nobody asked of since: one restart is enough for all.
    const asked = rows.map(row => {
      const stream = newStream()
      return [...row, stream, sealed(stream, row[0] === 'an empty stream' ? 0 : 3)] as const
    })
    beforeAll(async () => {
      for (const [, , , , , stream, events] of asked) {
        if (events.length === 0) continue
        await subject.store.append(stream, -1, events.slice(0, 1))
        await subject.store.append(stream, 0, events.slice(1))
      }
      await meanwhile()
    })
    test.each(asked)('of %s: %s', async (_, _title, expected, pick, outcome, stream, there) => {
      await expectOutcome(subject.store, stream, there, expected, pick, outcome)
    })
  })
}

async function expectOutcome(
  store: EventStore,
  stream: string,
  there: readonly SealedEvent[],
  expected: number,
  pick: Pick,
  outcome: Outcome,
) {
  const sent = pick(there, stream)
  const appending = store.append(stream, expected, sent)
  if ('wrong' in outcome) await expect(appending).rejects.toEqual(new WrongRevision(outcome.wrong))
  const answer = 'wrong' in outcome ? undefined : await appending
  const stored = await store.read(stream, 0)
  expect(idsOf(stored)).toEqual(idsOf('done' in outcome ? [...there, ...sent] : there))
  if (!answer) return
  const revision = 'done' in outcome ? outcome.done : (outcome as { again: number }).again
  expect(answer).toEqual({ revision, position: stored[revision]!.position })
}
