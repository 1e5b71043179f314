import { setImmediate as turn } from 'node:timers/promises'
import { Chains } from './chains.js'
import { type Runs, runsOf } from './copy-runs.js'
import { type EventStore, type Position, StoreDamaged, WrongRevision } from './event-store.js'
import type { StoredEvent } from './stored-event.js'

/** What is asked of a log that is only read. */
export type Source = Pick<EventStore, 'readAll' | 'head'>

/** What the target holds is not the beginning of what the source holds, or not any more. */
export class NotACopy extends Error {}

export type Step = 'compared' | 'copied' | 'checked'
export interface Copying {
  /**
   * Appends under way at a time. More than one only for a store that commits in order, and all or
   * none, what it is given at once: whatever happens, the target stays the beginning of the source.
   */
  readonly appendsMax: number
  /** Its reason is what the copy then rejects with. */
  readonly signal: AbortSignal
  /** How far in the source a walk is: what is there is compared, the rest copied, then all checked. */
  told(step: Step, at: Position, head: Position): void
}
export interface Copied {
  readonly events: number
  readonly streams: number
  /** How many of them were not there before. */
  readonly added: number
  /** The source was written to meanwhile: what it holds now may be more. */
  readonly grew: boolean
}

const pageMax = 500

/**
 * Makes the target hold what the source holds: the same bytes under the same ids, in the same order.
 * What an earlier call copied stays. In the end every event of the target was read, and held against
 * its chain and against the source. Memory grows with the number of streams, not of events. Rejects
 * with NotACopy and with what a store rejects with; then the same call goes on where this one ended.
 */
export async function copy(from: Source, to: EventStore, copying: Copying): Promise<Copied> {
  const head = await from.head()
  const before = await compared(from, to, 'compared', copying)
  if (!before.isWhole) await append(from, to, before, copying)
  const after = before.isWhole ? before : await compared(from, to, 'checked', copying)
  const grew = (await from.head()) !== head
  if (!after.isWhole && !grew) throw new NotACopy('The target lost something of what was copied.')
  const { events, chains } = after
  return { events, streams: chains.streams, added: events - before.events, grew }
}

interface Compared {
  /** Where in the source the target ends. */
  readonly at: Position
  /** Whether the source ends there too. */
  readonly isWhole: boolean
  readonly events: number
  readonly chains: Chains
}

/** Walks both logs in step. */
async function compared(
  from: Source,
  to: Source,
  step: Step,
  { signal, told }: Copying,
): Promise<Compared> {
  const head = await from.head()
  const chains = new Chains()
  const originals = logOf('source', from, 0n, signal)
  let at: Position = 0n
  let events = 0
  for await (const event of logOf('target', to, 0n, signal)) {
    const { value: original } = await originals.next()
    if (!original || !isSame(original, event)) throw notACopy()
    chains.next(event)
    at = original.position
    if (++events % pageMax === 0) told(step, at, head)
  }
  const { done = false } = await originals.next()
  return { at, isWhole: done, events, chains }
}

/** What the hash covers is the same if the hash is; the chain is checked apart. */
const isSame = (one: StoredEvent, other: StoredEvent) =>
  one.id === other.id &&
  one.hash === other.hash &&
  one.stream === other.stream &&
  one.revision === other.revision

const notACopy = () =>
  new NotACopy('The target is not empty and is no unfinished copy of this source.')

/** Everything of the source behind a place, in its order. */
async function append(
  from: Source,
  to: EventStore,
  { at, chains }: Compared,
  { appendsMax, signal, told }: Copying,
): Promise<void> {
  const head = await from.head()
  for await (const runs of runsOf(logOf('source', from, at, signal), chains, appendsMax)) {
    await appendTogether(to, runs)
    told('copied', runs.end, head)
  }
}

/** All are waited for: an append that is under way may still be done. */
async function appendTogether(to: EventStore, { runs }: Runs): Promise<void> {
  const outcomes = await Promise.allSettled(
    runs.map(run => to.append(run[0]!.stream, run[0]!.revision - 1, run)),
  )
  const failed = outcomes.find(outcome => outcome.status === 'rejected')
  if (failed?.reason instanceof WrongRevision)
    throw new NotACopy('Somebody else writes to the target: stop that first.')
  if (failed) throw failed.reason
}

/** One event after another; between pages the process hears signals. */
async function* logOf(
  name: string,
  store: Source,
  after: Position,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent, undefined> {
  for (;;) {
    await turn()
    signal.throwIfAborted()
    const page = await store.readAll(after, pageMax).catch((error: unknown) => {
      throw error instanceof StoreDamaged
        ? new StoreDamaged(`In the ${name}: ${error.message}`)
        : error
    })
    if (page.length === 0) return undefined
    yield* page
    after = page.at(-1)!.position
  }
}
