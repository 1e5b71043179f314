import { ArrayMaxSize, IsArray, IsOptional, ValidateNested } from 'class-validator'
import { PersonRef, Reason } from '../decider/bounds.js'
import { type Actor, type Context, type Facet, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { lastCalledFor } from './calls.js'
import { Evidence, type Shown, evidenceMax } from './evidence.js'
import { requireCommander, requireRunning } from './guards.js'
import type { Incident } from './incident.js'
import { isHere, lastSeenOrHeld, leaves, requireNoCommander } from './leaving.js'
import type { PresenceEvents } from './presence.js'
import type { RoleEvents } from './roles.js'
import { ServiceKey } from './service-keys.js'

/** A service that was shown not to be involved (domain row 38). */
export interface Cleared {
  readonly service: string
  readonly reason: string
  readonly evidence: Shown
  readonly by: Actor
  readonly at: string
}
/** In order; a service that was called again may be cleared again. */
export type Releases = readonly Cleared[]

/** All of them are kept in the folded incident. */
const clearedMax = 200

export class ReleaseResponder {
  static readonly nested = { evidence: Evidence }
  @PersonRef() person!: string
  @Reason() reason!: string
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(evidenceMax)
  @ValidateNested()
  evidence?: Evidence[]
}
export class DeclareNotInvolved {
  static readonly nested = { evidence: Evidence }
  @ServiceKey() service!: string
  @Reason() reason!: string
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(evidenceMax)
  @ValidateNested()
  evidence?: Evidence[]
}
export interface ReleaseCommands {
  ReleaseResponder: ReleaseResponder
  DeclareNotInvolved: DeclareNotInvolved
}
export interface ReleaseEvents {
  ResponderReleased: { person: string; reason: string; evidence: Shown }
  ResponderCleared: { service: string; reason: string; evidence: Shown }
}
type Emits = ReleaseEvents &
  Pick<RoleEvents, 'RoleReleased'> &
  Pick<PresenceEvents, 'ResponderLeft'>

/** Who may go because it is shown that it is not theirs. */
export const releases: Facet<Incident, Releases, ReleaseCommands, ReleaseEvents, Emits> = {
  initial: [],
  payloads: { ReleaseResponder, DeclareNotInvolved },
  may: { ReleaseResponder: requireRunning, DeclareNotInvolved: requireRunning },
  after: {
    ReleaseResponder: (incident, { person }, asking) =>
      lastSeenOrHeld(incident, asking.person(person)),
    DeclareNotInvolved: (incident, { service }) =>
      latest(
        incident.declaration.declaredAt,
        lastCalledFor(incident, service),
        lastCleared(incident, service)?.at,
      ),
  },
  decide: {
    ReleaseResponder(incident, { person: whom, reason, evidence }, context) {
      const person = context.person(whom)
      requireReleasable(incident, person, context)
      return [
        { type: 'ResponderReleased', data: { person, reason, evidence: shown(evidence) } },
        ...leaves(incident, person),
      ]
    },
    DeclareNotInvolved(incident, { service, reason, evidence }) {
      const before = lastCleared(incident, service)
      const called = lastCalledFor(incident, service)
      if (before && (called === undefined || called <= before.at)) return []
      if (incident.releases.length >= clearedMax)
        throw new Rejected('LIMIT_REACHED', `At most ${clearedMax} services are cleared.`)
      return [{ type: 'ResponderCleared', data: { service, reason, evidence: shown(evidence) } }]
    },
  },
  evolve: {
    ResponderReleased: releases => releases,
    ResponderCleared: (releases, { data, actor: by, occurredAt: at }) => [
      ...releases,
      { ...data, by, at },
    ],
  },
  narrate: {
    ResponderReleased: ({ data, actor }, name) =>
      fact(
        actor.id === data.person
          ? `${name(actor)} is not needed: ${data.reason}`
          : `${name(actor)} let ${name(data.person)} go: ${data.reason}`,
      ),
    ResponderCleared: ({ data, actor }, name) =>
      fact(`${name(actor)} showed that ${data.service} is not involved: ${data.reason}`),
  },
  sensitive: {
    ResponderReleased: { person: 'PERSON', reason: 'TEXT', evidence: 'TEXT' },
    ResponderCleared: { service: 'PLAIN', reason: 'TEXT', evidence: 'TEXT' },
  },
}

const lastCleared = ({ releases }: Incident, service: string) =>
  releases.findLast(cleared => cleared.service === service)

/** One lets oneself go, the commander others; and only who is here. */
function requireReleasable(incident: Incident, person: string, context: Context): void {
  if (person !== context.actor.id) requireCommander(incident, context)
  requireNoCommander(incident, person)
  if (!isHere(incident, person)) throw new Rejected('NOT_HERE', 'They are not here.', { person })
}

/** That nobody is let go on a word alone is what makes the time until then worth counting. */
function shown(evidence: readonly Evidence[] = []): Shown {
  if (evidence.length === 0)
    throw new Rejected('EVIDENCE_REQUIRED', 'Show that it is not theirs.', { field: 'evidence' })
  return evidence.map(({ url, label }) => ({ url, ...(label !== undefined && { label }) }))
}
