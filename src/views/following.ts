import type { StoredEvent } from '../event-store/stored-event.js'
import { type Incident, incidents } from '../incident/incident.js'
import { evolved } from '../replays/incident-at.js'
import { type Folded, FoldedIncidents } from './folded-incidents.js'

/** Streams remembered as read ahead; of more, some are only read once again. */
const aheadMax = 100_000

/** The event that cannot be folded, and why. */
export interface Poison {
  readonly event: StoredEvent
  readonly error: unknown
}

/** The incidents as their events come by, page after page. */
export class Following {
  readonly #folded = new FoldedIncidents()
  /** Streams that were read to their end, and how far that is: those events come once more. */
  readonly #ahead = new Map<string, number>()

  /**
   * While `isShown`, an incident is never taken as it once was, when it may have been open to more people:
   * its stream is read to the end when it is met.
   */
  constructor(
    private readonly read: (stream: string, from: number) => readonly StoredEvent[],
    private readonly isShown: boolean,
  ) {}

  /**
   * The incident after these events, and what could not be folded, if there is such: then it is as it
   * was before that. Undefined if nothing is new. Throws what reading the log throws.
   *
   * Where a page ends, it may be in the middle of an append, behind a declaration and before the event
   * that restricts it. What is appended together is in its stream together, so there it is read on.
   */
  after(
    stream: string,
    events: readonly StoredEvent[],
    endsPage: boolean,
  ): [folded?: Folded | undefined, poison?: Poison | undefined] {
    const [known, next] = this.#start(stream, events)
    if (next.length === 0) return [undefined]
    const isCut = endsPage && known && this.isShown
    const fresh = isCut ? [...next, ...this.read(stream, next.at(-1)!.revision + 1)] : next
    const [folded, poison] = fold(known, fresh)
    this.#note(stream, events.at(-1)!.revision, fresh.at(-1)!.revision)
    if (folded) this.#folded.set(stream, folded)
    return [folded, poison]
  }

  /** For good, or because it is not sure any more what the rows show. */
  forget(stream: string): void {
    this.#folded.delete(stream)
    this.#ahead.delete(stream)
  }

  forgetAll(): void {
    this.#folded.clear()
    this.#ahead.clear()
  }

  /**
   * What is known of an incident and the events to fold on it. Of an unknown one that is the whole
   * stream, also what lies ahead: else a log of more incidents than are kept is read over and over.
   */
  #start(
    stream: string,
    events: readonly StoredEvent[],
  ): [Folded | undefined, readonly StoredEvent[]] {
    const known = this.#folded.get(stream)
    const next = (known?.last.revision ?? -1) + 1
    const isMet = !known && this.isShown
    if (!isMet && events[0]!.revision === next) return [known, events]
    const seen = Math.max(next - 1, this.#ahead.get(stream) ?? -1)
    const fresh = events.filter(({ revision }) => revision > seen)
    const isNext = fresh.length === 0 || (!isMet && fresh[0]!.revision === next)
    return isNext ? [known, fresh] : [undefined, this.read(stream, 0)]
  }

  #note(stream: string, taken: number, read: number): void {
    if (read <= taken) this.#ahead.delete(stream)
    else if (this.#ahead.size < aheadMax) this.#ahead.set(stream, read)
  }
}

function fold(
  known: Folded | undefined,
  events: readonly StoredEvent[],
): [folded: Folded | undefined, poison?: Poison] {
  let incident: Incident = known?.incident ?? incidents.initial
  for (const [i, event] of events.entries())
    try {
      incident = evolved(incident, event)
    } catch (error) {
      return [folded(known, incident, events[i - 1]), { event, error }]
    }
  return [folded(known, incident, events.at(-1))]
}

function folded(known: Folded | undefined, incident: Incident, last: StoredEvent | undefined) {
  if (!last) return known
  const { id, revision, recordedAt } = last
  return { incident, last: { id, revision, recordedAt }, shown: known?.shown }
}
