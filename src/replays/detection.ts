import type { Actor, Timing } from '../decider/facet.js'
import type { DetectionEvents, DetectionSource } from '../incident/detection.js'
import { incidents } from '../incident/incident.js'
import { type AsTold, asTold } from './as-told.js'
import type { StreamEvent } from './incident-at.js'

/** How an incident came to be noticed; the fields are those of the SDL. */
export interface Detected {
  readonly source: DetectionSource | null
  readonly at: string | null
  readonly detectedBeforeCustomers: boolean | null
  readonly bySource: readonly SourceDetected[]
}
export interface SourceDetected {
  readonly source: DetectionSource
  readonly at: string | null
  readonly timing: Timing | null
  readonly by: Actor
  readonly eventId: string
}

/** Told with times as last corrected; null if nobody said how. */
export function detection(
  events: readonly StreamEvent[],
  told: AsTold = asTold(events),
): Detected | null {
  const first = new Map<DetectionSource, SourceDetected>()
  for (const event of events) {
    if (event.type !== 'DetectionRecorded' || !incidents.knows(event)) continue
    const { source } = event.data as DetectionEvents['DetectionRecorded']
    const { at, timing } = told.when(event)
    const one = { source, timing, by: event.actor, eventId: event.id }
    const found: SourceDetected = { ...one, at: timing === 'UNKNOWN' ? null : at }
    const known = first.get(source)
    if (!known || compared(found, known) < 0) first.set(source, found)
  }
  if (first.size === 0) return null
  const bySource = [...first.values()].toSorted(compared)
  const customers = bySource.filter(isCustomers)
  const others = bySource.filter(one => !isCustomers(one))
  return {
    source: firstOf(bySource),
    at: bySource[0]!.at,
    detectedBeforeCustomers: isBefore(others, customers),
    bySource,
  }
}

/** What has no known time comes last. */
const compared = (one: SourceDetected, other: SourceDetected) =>
  one.at === other.at ? 0 : one.at === null || (other.at !== null && one.at > other.at) ? 1 : -1

const isCustomers = ({ source }: SourceDetected) => source === 'CUSTOMER' || source === 'SOCIAL'

/** The one source there is, or the one that was surely earlier than all others. */
function firstOf(bySource: readonly SourceDetected[]): DetectionSource | null {
  const [first, ...later] = bySource
  return later.every(one => isSurelyEarlier(first!, one)) ? first!.source : null
}

const isSurelyEarlier = ({ at }: SourceDetected, other: SourceDetected) =>
  at !== null && other.at !== null && at < other.at

/** Null if that cannot be told: then one of the times that matter is not known, or they are the same. */
function isBefore(ones: readonly SourceDetected[], others: readonly SourceDetected[]) {
  if (others.length === 0) return true
  if (ones.length === 0) return false
  if (others.every(other => isSurelyEarlier(ones[0]!, other))) return true
  return ones.every(one => isSurelyEarlier(others[0]!, one)) ? false : null
}
