import type { Actor, Timing } from '../decider/facet.js'
import type { Trace } from '../tracing.js'

/** Who asks for a command, and how it is to be taken. What is absent was not said. */
export interface Asked {
  readonly actor: Actor
  /** Holds `incidents:admin`: what is restricted is there for them too. */
  readonly isAdmin?: boolean
  /** 32 lower-case hex digits that all events of one request share. */
  readonly correlationId: string
  /** Where its spans belong, if they are recorded. */
  readonly trace?: Trace
  readonly commandId?: string
  readonly expectedRevision?: number
  readonly occurredAt?: string
  readonly timing?: Timing
  /** An administrator's; whether the asker is one was checked before. */
  readonly overrideReason?: string
  /** Import alone says when a thing ended and what caused it. */
  readonly occurredUntil?: string
  readonly causationId?: string
}
