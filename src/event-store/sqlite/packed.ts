import type { Position } from '../event-store.js'
import { type SealedEvent, areNext } from '../stored-event.js'
import type { Append, Outcome } from './messages.js'

/**
 * What goes from thread to thread by the dozen goes as one flat list of values: an object for each
 * would be taken apart and put together name by name, which takes several times as long.
 */
export type PackedAppends = readonly (string | number)[]
export type PackedOutcomes = readonly (number | Position | Outcome)[]

/** What is said of each event. */
type Own = [id: string, type: string, hash: string, bytes: string]

/** What no event follows, so that nothing is stored of events that do not follow one another. */
const nothing = ''

/** Of events that follow one another, all that the first says of its place says the places of all. */
export function packed(appends: readonly Append[]): PackedAppends {
  const values: (string | number)[] = []
  for (const { stream, expectedRevision, events } of appends) {
    const follows = events[0]?.previousHash ?? nothing
    const areLinked = areNext(stream, expectedRevision, follows, events)
    values.push(stream, expectedRevision, events.length, areLinked ? follows : nothing)
    for (const { id, type, hash, bytes } of events) values.push(id, type, hash, bytes)
  }
  return values
}

export function unpacked(values: PackedAppends): Append[] {
  const appends: Append[] = []
  let at = 0
  const next = <Value extends string | number>() => values[at++] as Value
  while (at < values.length) {
    const [stream, expectedRevision, count] = [next<string>(), next<number>(), next<number>()]
    let [revision, previousHash] = [expectedRevision, next<string>()]
    const events: SealedEvent[] = []
    while (events.length < count) {
      const [id, type, hash, bytes] = values.slice(at, (at += 4)) as Own
      events.push({ id, stream, revision: ++revision, type, hash, previousHash, bytes })
      previousHash = hash
    }
    appends.push({ stream, expectedRevision, events })
  }
  return appends
}

export function packedOutcomes(outcomes: readonly Outcome[]): PackedOutcomes {
  const values: (number | Position | Outcome)[] = []
  for (const outcome of outcomes)
    if ('position' in outcome) values.push(outcome.revision, outcome.position)
    else values.push(outcome)
  return values
}

export function unpackedOutcomes(values: PackedOutcomes): Outcome[] {
  const outcomes: Outcome[] = []
  for (let at = 0; at < values.length; at++) {
    const value = values[at]
    outcomes.push(
      typeof value === 'number'
        ? { revision: value, position: values[++at] as Position }
        : (value as Outcome),
    )
  }
  return outcomes
}
