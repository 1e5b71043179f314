import { type Actor, type Named, Rejected } from '../decider/facet.js'
import type { EventStore } from '../event-store/event-store.js'
import type { Policy } from '../incident/policy.js'
import type { TimerKind } from '../incident/timers.js'
import type { ApiKey } from '../organisation/keys.js'
import { knownPerson } from '../organisation/known-person.js'
import type { Organisation } from '../organisation/organisation.js'
import type { Person } from '../organisation/people.js'
import { organisationSubject } from './organisation-subject.js'

export const organisationStream = 'organisation'

/** Events read at once for the past: others are answered in between. */
const pageLength = 1_000

/** Names of actors that are nobody. */
const systemNames: Record<string, string> = {
  import: 'The import',
  'first-start': 'The first start',
  'command-line': 'The command line',
}
const timerNames: Record<TimerKind | 'counterpart', string> = {
  'task-timebox': 'The timer of tasks',
  'required-role': 'The timer of required roles',
  rotation: 'The timer of rotations',
  'decision-overdue': 'The timer of decisions',
  counterpart: 'The ledger',
}

/** The organisation as it is stored, looked up by whatever one has of somebody. */
export class Directory {
  #state = organisationSubject.initial
  #revision = -1
  /** When the last event that is in it was recorded. */
  #recordedAt = ''
  #byHandle = new Map<string, string>()
  /** Made when it is first asked for after a change: without tokens nobody asks. */
  #byIdentity: ReadonlyMap<string, string> | undefined
  /** The read under way, which never rejects, and the one after it that many may wait for. */
  #reading: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  readonly #watching = new Set<() => void>()

  /** Empty until it is refreshed. */
  constructor(private readonly store: EventStore) {}

  /** Takes up what is new in the store; whoever changed the organisation waits for this before answering. */
  async refresh(): Promise<void> {
    // What is written while a read is under way may not be in it: whoever comes then waits for another.
    const next = (this.#next ??= this.#reading.then(() => this.#read()))
    return next
  }

  /** Calls after each change, until the returned function is called. */
  watch(changed: () => void): () => void {
    this.#watching.add(changed)
    return () => this.#watching.delete(changed)
  }

  async #read(): Promise<void> {
    this.#reading = this.#next!.catch(() => {})
    this.#next = undefined
    const before = this.#revision
    for (const event of await this.store.read(organisationStream, this.#revision + 1)) {
      if (event.revision !== this.#revision + 1) continue
      this.#revision = event.revision
      this.#recordedAt = event.recordedAt
      if (organisationSubject.knows(event))
        this.#state = organisationSubject.evolve(this.#state, event)
    }
    this.#byHandle = new Map([...this.#state.people].map(([id, { handle }]) => [handle, id]))
    this.#byIdentity = undefined
    if (this.#revision !== before) for (const changed of this.#watching) changed()
  }

  /** -1 until the store was reached, and the first start is done. */
  get revision(): number {
    return this.#revision
  }
  get people(): ReadonlyMap<string, Person> {
    return this.#state.people
  }
  get keys(): ReadonlyMap<string, ApiKey> {
    return this.#state.keys
  }
  /** What is settled at `revision`. */
  get policy(): Policy {
    return this.#state
  }

  /** What was settled as far as was recorded at this moment. Reads the stream again if more has been since. */
  async settledAt(moment: string): Promise<Organisation> {
    if (moment >= this.#recordedAt) return this.#state
    let state = organisationSubject.initial
    for (let from = 0; from <= this.#revision; from += pageLength)
      for (const event of await this.store.read(organisationStream, from, pageLength)) {
        if (event.recordedAt > moment) return state
        if (organisationSubject.knows(event)) state = organisationSubject.evolve(state, event)
      }
    return state
  }

  /** The id of the person whose id or handle this is, if it is one's. */
  known = (idOrHandle: string): string | undefined =>
    this.#state.people.has(idOrHandle) ? idOrHandle : this.#byHandle.get(idOrHandle)

  /** The same; throws `Rejected`: UNKNOWN_PERSON if it is nobody's, GROUP_ASSIGNEE if it is a group's. */
  person = (idOrHandle: string): string =>
    this.known(idOrHandle) ?? knownPerson(this.#state, idOrHandle)

  /** What this person is called now; nothing if the id is nobody's. */
  called = (id: string): readonly string[] => {
    const person = this.#state.people.get(id)
    return person ? [person.handle, person.name] : []
  }

  /** The id of the person whom this provider knows as this subject; undefined if it is nobody. */
  personKnownAs(provider: string, subject: string): string | undefined {
    this.#byIdentity ??= new Map(
      [...this.#state.people].flatMap(([id, { identities }]) =>
        identities.map(one => [identityKey(one.provider, one.subject), id]),
      ),
    )
    return this.#byIdentity.get(identityKey(provider, subject))
  }

  /** The same id, if it is that of a key that belongs to nobody. */
  key = (id: string): string => {
    const key = this.#state.keys.get(id)
    if (!key) throw new Rejected('KEY_NOT_FOUND', 'There is no such key.', { keyId: id })
    if (key.owner !== undefined)
      throw new Rejected('INVALID_INPUT', 'This key acts as its owner: name the person.', {
        fields: ['key'],
      })
    return id
  }

  /** How a person or another actor is called. Other incidents are not in the directory. */
  name = (who: string | Actor | Named): string => {
    if (typeof who !== 'string' && 'incident' in who) return 'another incident'
    if (typeof who === 'string') return this.#state.people.get(who)?.name ?? who
    if (who.type === 'USER') return this.name(who.id)
    if (who.type === 'API_KEY') return `The key “${this.#state.keys.get(who.id)?.label ?? who.id}”`
    return systemNames[who.id] ?? timerNames[who.id as TimerKind] ?? who.id
  }
}

const identityKey = (provider: string, subject: string) => JSON.stringify([provider, subject])
