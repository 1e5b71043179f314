import { type Context, NotAuthorised, Rejected } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import { isHistory } from './guards.js'
import type { Incident } from './incident.js'
import { requireLetIn } from './let-in.js'
import type { CreateSubteam, Subteam } from './subteams.js'

/** Those that were not dissolved, in the order in which they were formed. */
export const standingSubteams = ({ subteams }: Incident): (Subteam & { readonly id: string })[] =>
  [...subteams].flatMap(([id, team]) => (team.dissolvedAt === undefined ? [{ id, ...team }] : []))

export function formed(incident: Incident, { name, ...command }: CreateSubteam, context: Context) {
  const lead = context.person(command.lead)
  const all = [...new Set((command.members ?? []).map(context.person))]
  const members = all.filter(person => person !== lead)
  for (const person of [lead, ...members]) requireLetIn(incident, person)
  const { within } = command
  if (within !== undefined) standing(incident, within)
  if (standingSubteams(incident).some(team => team.name === name && team.lead === lead)) return []
  const data = {
    subteamId: context.newId(),
    name,
    lead,
    ...(members.length > 0 && { members }),
    ...(within !== undefined && { within }),
  }
  const gone = members.flatMap(person => partedWith(incident, person))
  return [...gone, { type: 'SubteamFormed', data } as const]
}

/** A member of one is no member of another. */
export const partedWith = (incident: Incident, person: string) =>
  standingSubteams(incident)
    .filter(({ members }) => members.includes(person))
    .map(({ id }) => ({ type: 'SubteamMemberRemoved', data: { subteamId: id, person } }) as const)

/** When the subteams that these people would leave for another last changed. */
export const lastOfTheirs = (incident: Incident, people: readonly string[]) =>
  latest(
    ...standingSubteams(incident)
      .filter(({ members }) => members.some(member => people.includes(member)))
      .map(({ changedAt }) => changedAt),
  )

export const added = (subteamId: string, person: string) =>
  ({ type: 'SubteamMemberAdded', data: { subteamId, person } }) as const

export function standing({ subteams }: Incident, id: string): Subteam {
  const team = subteams.get(id)
  if (!team || team.dissolvedAt !== undefined) throw unknown()
  return team
}
export const unknown = () => new Rejected('SUBTEAM_NOT_FOUND', 'There is no such subteam.')

/** Who belongs to a subteam is its lead’s to say, and the commander’s. */
export function requireLead(
  incident: Incident,
  { lead }: Subteam,
  { actor, overrides }: Context,
): void {
  const { commander } = incident.handoff
  if (commander === null || overrides || isHistory(incident)) return
  if (commander === actor.id || lead === actor.id) return
  throw new NotAuthorised('NOT_LEAD', 'Only the subteam’s lead or the commander may do this.', {
    lead,
    commander,
  })
}
