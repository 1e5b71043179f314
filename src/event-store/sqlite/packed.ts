import type { Position } from '../event-store.js'
import type { SealedEvent } from '../stored-event.js'
import type { Append, Outcome } from './messages.js'

/**
 * What goes from thread to thread by the dozen goes as one flat list of values: an object for each
 * would be taken apart and put together name by name, which takes several times as long.
 */
export type PackedAppends = readonly (string | number)[]
export type PackedOutcomes = readonly (number | Position | Outcome)[]

export function packed(appends: readonly Append[]): PackedAppends {
  const values: (string | number)[] = []
  for (const { stream, expectedRevision, events } of appends) {
    values.push(stream, expectedRevision, events.length)
    for (const { id, stream, revision, type, hash, previousHash, bytes } of events)
      values.push(id, stream, revision, type, hash, previousHash, bytes)
  }
  return values
}

export function unpacked(values: PackedAppends): Append[] {
  const appends: Append[] = []
  let at = 0
  const next = <Value extends string | number>() => values[at++] as Value
  while (at < values.length) {
    const [stream, expectedRevision] = [next<string>(), next<number>()]
    const events = Array.from({ length: next<number>() }, (): SealedEvent => ({
      id: next(),
      stream: next(),
      revision: next(),
      type: next(),
      hash: next(),
      previousHash: next(),
      bytes: next(),
    }))
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
