import { referenceStream } from '../commands/references.js'
import { Rejected } from '../decider/facet.js'
import type { EventStore, Position } from '../event-store/event-store.js'
import type { Exporting } from '../event-store/export.js'
import { version } from '../version.js'
import { cursorOf, invalidCursor, placeOf, positionOf } from './cursor.js'
import { incidentIdOf } from './event.answer.js'

/** What somebody wants to take out. */
export interface ExportAsked {
  /** Id or reference; left out: all incidents. */
  readonly incident?: string
  /** A cursor: nothing behind it; left out: up to the end of the log. */
  readonly at?: string
  /** Also what belongs to no incident. */
  readonly organisation: boolean
}

/** Who looks: whoever sees all, or somebody who sees some. */
export type Seeing = 'ALL' | ((stream: string) => Promise<boolean>)

type Source = Pick<EventStore, 'read' | 'readAll' | 'head'>

/** Rejects with `Rejected` (INCIDENT_NOT_FOUND, INVALID_CURSOR) and with what the store rejects with. */
export async function exportingOf(
  store: Source,
  { incident, at, organisation }: ExportAsked,
  sight: Seeing,
): Promise<Exporting> {
  const upTo = at === undefined ? await store.head() : await foundIn(store, at)
  const sees = sight === 'ALL' ? () => true : sight
  const about = { program: `incident-ledger ${version}`, organisation }
  if (incident !== undefined) {
    const stream = await streamOf(store, incident, upTo)
    if (stream === undefined || !(await sees(stream)))
      throw new Rejected('INCIDENT_NOT_FOUND', 'There is no such incident.')
    const of = { incident: incidentIdOf(stream), incidents: 'ONE', organisation: false } as const
    return { stream, shows: () => true, upTo, about: { ...about, ...of }, cursorOf }
  }
  return {
    shows: stream => (incidentIdOf(stream) === null ? organisation : sees(stream)),
    upTo,
    about: { ...about, incident: null, incidents: sight === 'ALL' ? 'ALL' : 'VISIBLE' },
    cursorOf,
  }
}

async function foundIn(store: Source, cursor: string): Promise<Position> {
  const position = await positionOf(store, placeOf(cursor))
  if (position === undefined) throw invalidCursor()
  return position
}

const reference = /^INC-([1-9]\d{0,8})$/i
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** From the log alone, since an export may be made where there are no views. */
async function streamOf(store: Source, incident: string, upTo: Position) {
  const number = reference.exec(incident)?.[1]
  const [allotted] = number ? await store.read(referenceStream, Number(number) - 1, 1) : []
  const id = number ? (allotted?.data as { incidentId?: string } | undefined)?.incidentId : incident
  if (id === undefined || !uuid.test(id)) return undefined
  const stream = `incident-${id.toLowerCase()}`
  const [declared] = await store.read(stream, 0, 1)
  if (!declared || declared.position > upTo) return undefined
  // A number that was given away in vain is nobody's.
  const isIts = (declared.data as { reference?: string }).reference === incident.toUpperCase()
  return number && !isIts ? undefined : stream
}
