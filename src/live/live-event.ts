import { organisationStream } from '../commands/directory.js'
import type { Position } from '../event-store/event-store.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { type Viewer, maySee } from '../incident/membership.js'
import { cursorOf } from '../api/cursor.js'
import { incidentIdOf, withoutOther } from '../api/event.answer.js'
import type { Audience, Seen } from './audience.js'

/** Somebody who follows: as what they look at the log, and as whom they are told of other incidents. */
export interface Follows {
  readonly viewer: Viewer
  readonly told: Viewer
}

/**
 * An event of the log as it is told live, linked to the one after it. Whoever is told the same is given
 * the same object, so that what is made of it can be made once.
 */
export class LiveEvent {
  next: LiveEvent | undefined
  /** No longer kept: what came after it is to be read from the log. */
  isDropped = false
  #masked: StoredEvent | undefined
  #cursor: string | undefined

  constructor(
    readonly event: StoredEvent,
    private audience: Audience,
  ) {}

  get position(): Position {
    return this.event.position
  }

  get cursor(): string {
    return (this.#cursor ??= cursorOf(this.event))
  }

  /** Who may see an incident was settled after this event: whoever is told it only now is told it so. */
  settled(incidentId: string, now: Seen): void {
    if (incidentIdOf(this.event.stream) === incidentId) this.audience = { ...this.audience, now }
    if (this.audience.other?.id === incidentId)
      this.audience = { ...this.audience, other: { id: incidentId, now } }
  }

  /** The event as it is told to them; undefined if it is not there for them. */
  toldTo({ viewer, told }: Follows): StoredEvent | undefined {
    const { now, other } = this.audience
    if (now ? !maySee(now, viewer) : this.event.stream !== organisationStream) return undefined
    if (!other || maySee(other.now, told)) return this.event
    return (this.#masked ??= withoutOther(this.event, other.id))
  }

  /** Whether this took the incident from their sight. */
  hidesFrom({ viewer }: Follows): boolean {
    const { now, before } = this.audience
    return before !== undefined && maySee(before, viewer) && !maySee(now!, viewer)
  }
}

/** Where an event is in the log; of a place, that place. */
export const positionOf = (at: LiveEvent | Position): Position =>
  typeof at === 'bigint' ? at : at.position
