import { IsOptional, IsUUID } from 'class-validator'
import { Reason } from '../decider/bounds.js'
import { type Facet, type Other, Rejected, fact } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { requireDeclared, requireNotDismissed } from './guards.js'
import type { Incident } from './incident.js'
import { type Said, requireLike, requireOther, requireRoom, saying, standing } from './relation.js'

/** The incident of which this one is a part; while the last word holds, it is. */
export type Family = readonly Said[]

/** Parents above one another: people could not follow more. */
export const generationsMax = 10

export class SetParent {
  @IsUUID() parent!: string
}
export class RemoveParent {
  @IsOptional() @Reason() reason?: string
}
/** Incidents were made parts of one another, each before it knew: this one is to be nobody's. */
interface BreakParent {
  /** The word that is taken back. */
  eventId: string
}
export interface FamilyCommands {
  SetParent: SetParent
  RemoveParent: RemoveParent
}
export interface FamilyDuties {
  BreakParent: BreakParent
}
export interface FamilyEvents {
  ParentSet: { parent: string }
  ParentRemoved: { parent: string; circle?: true; reason?: string }
}

const lastWord = ({ declaration, family }: Incident) =>
  latest(declaration.declaredAt, family.at(-1)?.at)

export const family: Facet<
  Incident,
  Family,
  FamilyCommands,
  FamilyEvents,
  FamilyEvents,
  FamilyDuties
> = {
  initial: [],
  payloads: { SetParent, RemoveParent },
  // Whether there is a parent is not told here: it may be one that the asker may not see.
  may: {
    SetParent: requireNotDismissed,
    RemoveParent: requireDeclared,
    BreakParent: requireDeclared,
  },
  after: { SetParent: lastWord, RemoveParent: lastWord, BreakParent: lastWord },
  decide: {
    SetParent({ declaration, family }, _, context) {
      const other = requireOther(context)
      const before = standing(family)
      if (before?.to === other.id) return []
      requireLike(declaration.mode, other)
      requireRoom(family, other)
      requireAbove(other)
      return [
        ...(before ? [{ type: 'ParentRemoved', data: { parent: before.to } } as const] : []),
        { type: 'ParentSet', data: { parent: other.id } },
      ]
    },
    RemoveParent({ family }, { reason }) {
      const parent = standing(family)
      if (!parent) return []
      const data = { parent: parent.to, ...(reason !== undefined && { reason }) }
      return [{ type: 'ParentRemoved', data }]
    },
    BreakParent({ family }, { eventId }) {
      const parent = standing(family)
      if (parent?.eventId !== eventId) return []
      return [{ type: 'ParentRemoved', data: { parent: parent.to, circle: true } }]
    },
  },
  evolve: {
    ParentSet: (family, event) => [...family, saying('CHILD', event.data.parent, true, event)],
    ParentRemoved: (family, event) => [...family, saying('CHILD', event.data.parent, false, event)],
  },
  narrate: {
    ParentSet: ({ data, actor }, name) =>
      fact(`${name(actor)} made this a part of ${name({ incident: data.parent })}`),
    ParentRemoved: ({ data: { parent, circle, reason }, actor }, name) =>
      fact(
        circle
          ? `This is no part of ${name({ incident: parent })}: they were made parts of one another`
          : `${name(actor)} took this out of ${name({ incident: parent })}${reason ? `: ${reason}` : ''}`,
      ),
  },
  sensitive: {
    ParentSet: { parent: 'PLAIN' },
    ParentRemoved: { parent: 'PLAIN', reason: 'TEXT' },
  },
}

function requireAbove({ isBelow, above }: Other): void {
  if (isBelow)
    throw new Rejected('RELATION_CIRCLE', 'The other incident is a part of this one already.')
  if (above.length + 1 >= generationsMax)
    throw new Rejected(
      'LIMIT_REACHED',
      `At most ${generationsMax} incidents lie above one another.`,
    )
}
