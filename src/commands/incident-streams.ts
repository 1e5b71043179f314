import { randomUUID } from 'node:crypto'
import { type Actor, type Context, Rejected } from '../decider/facet.js'
import {
  EventStore,
  type Position,
  StoreUnavailable,
  WrongRevision,
} from '../event-store/event-store.js'
import { type SealedEvent, type StoredEvent, digestOf, seal } from '../event-store/stored-event.js'
import { type Incident, type IncidentCommand, incidents } from '../incident/incident.js'
import { incidentAt } from '../replays/incident-at.js'
import { Folded } from './folded.js'

/** Who asks, and how it is to be taken. */
export interface Asked {
  readonly actor: Actor
  readonly overrides: boolean
  readonly commandId?: string | null | undefined
  readonly expectedRevision?: number | null | undefined
  readonly occurredAt?: string | null | undefined
}
type Decided = Omit<StoredEvent, 'position'>
export interface Taken {
  readonly incident: Incident
  readonly events: readonly Decided[]
  readonly revision: number
  readonly position: Position | null
}

interface Decision {
  readonly incident: Incident
  readonly events: readonly Decided[]
  readonly sealed: readonly SealedEvent[]
}
/** Writes nothing, and is good only if what it was decided on is current. */
type Answer = () => Promise<Taken>

const cachedMax = 10_000
const attemptsMax = 5
const conflictEventsMax = 100

/**
 * Load, decide, append; again if somebody else was first. Commands on one stream are decided one
 * after another against the pending state, so many may share a commit; a failed one drops it.
 */
export class IncidentStreams {
  readonly #cache = new Map<string, Folded>()

  constructor(
    private readonly store: EventStore,
    private readonly clock: () => string = () => new Date().toISOString(),
  ) {}

  async execute(incidentId: string, command: IncidentCommand, asked: Asked): Promise<Taken> {
    const stream = `incident-${incidentId}`
    const named = nameOf(command, asked)
    for (let attempt = 1; attempt <= attemptsMax; attempt++) {
      const folded = await this.#load(stream)
      const answer = this.#decide(folded, command, asked, named)
      if ('sealed' in answer) {
        const taken = await this.#append(folded, answer)
        if (taken) return taken
      } else if (await this.#isCurrent(folded)) return answer()
    }
    throw new Rejected('BUSY', 'Too many changed this incident at once; try again.')
  }

  #decide(
    folded: Folded,
    command: IncidentCommand,
    asked: Asked,
    named: Named | undefined,
  ): Decision | Answer {
    const before = named && folded.commands.get(named.commandId)
    if (before) return () => this.#again(folded.stream, before, named.commandDigest)
    if (asked.expectedRevision != null && asked.expectedRevision !== folded.revision)
      return () => this.#conflict(folded.stream, asked.expectedRevision!)
    try {
      if (folded.newer)
        throw new Rejected('NEWER_VERSION', 'A newer version wrote to this incident.')
      const { incident, revision } = folded
      const now = this.clock()
      const context: Context = { ...asked, now: asked.occurredAt ?? now, newId: randomUUID }
      const decided = incidents.decide(incident, command, context)
      if (decided.length === 0)
        return async () => ({ incident, events: [], revision, position: null })
      const recordedAt = now > folded.recordedAt ? now : folded.recordedAt
      return this.#seal(folded, decided, {
        ...named,
        actor: asked.actor,
        occurredAt: context.now,
        recordedAt,
      })
    } catch (error) {
      if (!(error instanceof Rejected)) throw error
      return () => Promise.reject(error)
    }
  }

  #seal(folded: Folded, decided: readonly { type: string; data: object }[], rest: Rest): Decision {
    const correlationId = randomUUID()
    const events: Decided[] = []
    const sealed = decided.map(({ type, data }) => {
      const envelope = {
        ...rest,
        stream: folded.stream,
        revision: folded.revision + 1,
        type,
        schemaVersion: 1,
        mode: 'LIVE' as const,
        data,
        correlationId,
      }
      const bytes = seal(folded.hash, envelope)
      events.push({ ...envelope, id: bytes.id, hash: bytes.hash })
      folded.apply(events.at(-1)!)
      return bytes
    })
    return { incident: folded.incident, events, sealed }
  }

  /** Undefined if another process was first: what was pending here is dropped. */
  async #append(
    folded: Folded,
    { incident, events, sealed }: Decision,
  ): Promise<Taken | undefined> {
    const appending = this.store.append(folded.stream, events[0]!.revision - 1, sealed)
    folded.pending = appending.catch(() => this.#drop(folded))
    try {
      return { incident, events, ...(await appending) }
    } catch (error) {
      this.#drop(folded)
      if (error instanceof WrongRevision) return undefined
      if (error instanceof StoreUnavailable)
        throw new Rejected('STORE_UNAVAILABLE', error.message, { outcome: 'NOT_DONE' })
      throw error
    }
  }

  /** No news in the stream and nothing dropped: an answer that writes nothing may be given. */
  async #isCurrent(folded: Folded): Promise<boolean> {
    const { revision } = folded
    await folded.pending
    if (this.#cache.get(folded.stream) !== folded) return false
    const news = await this.store.read(folded.stream, folded.revision + 1)
    for (const event of news) if (event.revision === folded.revision + 1) folded.apply(event)
    return folded.revision === revision
  }

  async #again(
    stream: string,
    { from, to, digest }: { from: number; to: number; digest: string },
    asked: string,
  ): Promise<Taken> {
    if (digest !== asked)
      throw new Rejected('COMMAND_ID_REUSED', 'This commandId was used for another command.')
    const { incident, revision, events } = incidentAt(await this.store.read(stream, 0), {
      revision: to,
    })
    return { incident, revision, events: events.slice(from), position: events.at(-1)!.position }
  }

  async #conflict(stream: string, expected: number): Promise<never> {
    const since = (await this.store.read(stream, expected + 1)).slice(0, conflictEventsMax)
    throw new Rejected('VERSION_CONFLICT', 'The incident moved on.', {
      events: since.map(({ id, type, revision }) => ({ id, type, revision })),
    })
  }

  async #load(stream: string): Promise<Folded> {
    const folded = this.#cache.get(stream) ?? new Folded(stream, this.store)
    this.#cache.delete(stream)
    this.#cache.set(stream, folded)
    if (this.#cache.size > cachedMax) this.#cache.delete(this.#cache.keys().next().value!)
    await folded.loaded.catch(error => {
      this.#drop(folded)
      throw error
    })
    return folded
  }

  #drop(folded: Folded): void {
    if (this.#cache.get(folded.stream) === folded) this.#cache.delete(folded.stream)
  }
}

type Rest = Pick<StoredEvent, 'actor' | 'occurredAt' | 'recordedAt' | 'commandId' | 'commandDigest'>

interface Named {
  readonly commandId: string
  readonly commandDigest: string
}
/** Only a command that its sender named can come again, so only it is digested. */
function nameOf(command: IncidentCommand, { actor, commandId }: Asked): Named | undefined {
  if (commandId == null) return undefined
  return { commandId, commandDigest: digestOf({ ...command, actor }) }
}
