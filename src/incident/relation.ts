import { type Context, type Other, Rejected } from '../decider/facet.js'

/** What one incident can say of another; it is the other's to note it. */
export type RelationKind = 'MERGED' | 'DUPLICATE' | 'CHILD' | 'RELATED' | 'CAUSED_BY'

/** What an incident once said of another. The last word counts, and each has its counterpart there. */
export interface Said {
  readonly kind: RelationKind
  readonly to: string
  /** False if that is what it is no longer. */
  readonly holds: boolean
  readonly eventId: string
  readonly revision: number
  readonly at: string
}

/** Each is kept for its counterpart; more would be a game. */
const saidMax = 100
/** Incidents that may ever refer to one: their list is shown whole. */
export const referringMax = 200

type Happened = { readonly id: string; readonly revision: number; readonly occurredAt: string }

export const saying = (
  kind: RelationKind,
  to: string,
  holds: boolean,
  { id, revision, occurredAt }: Happened,
): Said => ({ kind, to, holds, eventId: id, revision, at: occurredAt })

/** The last word, if it still holds. */
export function standing(said: readonly Said[]): Said | undefined {
  const last = said.at(-1)
  return last?.holds ? last : undefined
}

/** The incident that the command names; refused as if there were none where the asker may not see it. */
export function requireOther({ made: { other } }: Context): Other {
  if (!other) throw new Rejected('INCIDENT_NOT_FOUND', 'There is no such other incident.')
  if (other.isSelf)
    throw new Rejected('SAME_INCIDENT', 'An incident cannot be connected with itself.')
  return other
}

/** What goes on in another incident must be meant as this one is, and there must be something to go on. */
export function requireLike(mode: string, other: Other): void {
  const { status } = other
  if (status === 'MERGED' || status === 'CANCELLED' || status === 'DECLINED')
    throw new Rejected('OTHER_DISMISSED', `The other incident is ${status.toLowerCase()}.`, {
      status,
    })
  if (mode !== other.mode)
    throw new Rejected('MODE_MISMATCH', `This is ${mode}, and the other is ${other.mode}.`, {
      mode,
      other: other.mode,
    })
}

export function requireRoom(said: readonly Said[], other: Other): void {
  if (said.length >= saidMax)
    throw new Rejected('LIMIT_REACHED', `An incident says this at most ${saidMax} times.`)
  if (!other.hasRoom)
    throw new Rejected('LIMIT_REACHED', `At most ${referringMax} incidents refer to one.`)
}
