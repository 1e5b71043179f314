import type { Principal } from '../auth/principal.js'
import type { Directory } from '../commands/directory.js'
import { incidentStream } from '../commands/handle-incident.js'
import type { EventStore } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Incident as State } from '../incident/incident.js'
import type { Viewer } from '../incident/membership.js'
import type { Incident, IncidentSummary } from '../schema.generated.js'
import { incidentsOf, referencesOf } from '../views/known-incidents.js'
import type { Views } from '../views/views.js'
import { type Slicing, slicing } from './deadline.js'
import { type NameIn, naming, othersOf } from './relations.answer.js'
import { viewerOf } from './sight.js'
import { summaryAnswer } from './summary.answer.js'

/** An incident as it was folded, at some revision of its stream. */
export interface Replayed {
  readonly id: string
  readonly state: State
  readonly revision: number
  /** The events it was folded from, if they are at hand; else they are read when asked for. */
  readonly events?: readonly StoredEvent[]
  /** The moment that was asked for; undefined is now. */
  readonly moment?: string
}

/** What answers each field of an incident: made once, so that an answer costs what is asked of it. */
export type IncidentAnswers = {
  readonly [F in keyof Incident]-?: (
    asked: AskedIncident,
    args: any,
  ) => Incident[F] | Promise<Incident[F]>
}
/** What can be told of a whole record, by now. */
type FromRecord<Told> = (events: readonly StoredEvent[], now: string) => Told
/** The answers to what belongs together. */
export type IncidentPart = Partial<IncidentAnswers>

/** What incidents are answered from. */
export class Incidents {
  constructor(
    readonly store: EventStore,
    readonly directory: Directory,
    readonly views: Views,
    readonly clock: () => string,
    private readonly operationMs: number,
  ) {}

  /** For what belongs to an operation that has begun. */
  slicing(): Slicing {
    return slicing(this.operationMs)
  }

  answer(replayed: Replayed, principal: Principal): AskedIncident {
    return new AskedIncident(replayed, principal, this)
  }
}

/** What one answer is made of. What costs something is found when it is first asked for. */
export class AskedIncident {
  readonly id: string
  readonly state: State
  readonly revision: number
  readonly directory: Directory
  #now: string | undefined
  #inSlices: Slicing | undefined
  #events: Promise<readonly StoredEvent[]> | undefined
  readonly #fromRecord = new Map<FromRecord<unknown>, Promise<unknown>>()
  #others: ReadonlyMap<string, IncidentSummary> | undefined

  constructor(
    private readonly replayed: Replayed,
    readonly principal: Principal,
    private readonly incidents: Incidents,
  ) {
    this.id = replayed.id
    this.state = replayed.state
    this.revision = replayed.revision
    this.directory = incidents.directory
  }

  /** Whether it is the incident as it is, not as of some moment. */
  get isNow(): boolean {
    return this.replayed.moment === undefined
  }

  /** The moment that is meant: the same for all fields of one answer. */
  get now(): string {
    return (this.#now ??= this.replayed.moment ?? this.incidents.clock())
  }

  /** Makes what is long, while the operation lasts that first asks for it. */
  get inSlices(): Slicing {
    return (this.#inSlices ??= this.incidents.slicing())
  }

  /** The events it was folded from, if they need not be read. */
  get atHand(): readonly StoredEvent[] | undefined {
    return this.replayed.events
  }

  /** Read at most once, however many fields need them. */
  get events(): Promise<readonly StoredEvent[]> {
    return (this.#events ??= this.#read())
  }

  /** Worked out once, however many fields ask for it: of a long record that takes a while. */
  fromRecord<Told>(replay: FromRecord<Told>): Promise<Told> {
    const known = this.#fromRecord.get(replay) ?? this.events.then(all => replay(all, this.now))
    this.#fromRecord.set(replay, known)
    return known as Promise<Told>
  }

  /** How sentences of its events call everybody. */
  get nameIn(): NameIn {
    const { directory, incidents } = this
    return events =>
      naming(events, directory.name, ids => referencesOf(incidents.views.db, this.#viewer, ids))
  }

  /** One of `othersOf`, if who asks may see it; however many are asked for, they are looked up once. */
  other(id: string | undefined): IncidentSummary | null {
    if (id === undefined) return null
    this.#others ??= this.#lookUp()
    return this.#others.get(id) ?? null
  }

  /** Of other incidents even an administrator is told only what is open to them. */
  get #viewer(): Viewer {
    return { ...viewerOf(this.principal), isAdmin: false }
  }

  async #read(): Promise<readonly StoredEvent[]> {
    if (this.atHand) return this.atHand
    const all = await this.incidents.store.read(incidentStream(this.id), 0)
    return all.slice(0, this.revision + 1)
  }

  #lookUp(): ReadonlyMap<string, IncidentSummary> {
    const seen = incidentsOf(this.incidents.views.db, this.#viewer, othersOf(this.state))
    return new Map(seen.map(node => [node.id, summaryAnswer(node, this.directory)]))
  }
}
