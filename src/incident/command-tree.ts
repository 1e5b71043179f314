import { engaged } from './engaged.js'
import type { Incident } from './incident.js'
import { standingSubteams } from './forming.js'

/** How many can report to one person who then still knows what they do. */
export const spanMax = 7

/** Somebody in their place. */
export interface Place {
  readonly person: string
  /** Null at the top: the commander, or all who would report to one. */
  readonly reportsTo: string | null
  /** The subteam that they lead, or else belong to. */
  readonly subteam: string | null
  /** How many report to them. */
  readonly span: number
}

/**
 * Who reports to whom: to the lead of the subteam, that one to the lead of the subteam around it, and all
 * others to the commander. Whoever left is in it no more, unless they lead others.
 */
export function commandTree(incident: Incident): Place[] {
  const { commander } = incident.handoff
  const teams = standingSubteams(incident)
  const on = engaged(incident)
  const isOn = (person: string) => on.has(person) || incident.presence.get(person)?.on !== false
  const above = (within: string | undefined): string | null => {
    const around = teams.find(({ id }) => id === within)
    return around?.lead ?? (within === undefined ? commander : above(outer(incident, within)))
  }
  const places = new Map<string, Omit<Place, 'person' | 'span'>>()
  if (commander !== null) places.set(commander, { reportsTo: null, subteam: null })
  for (const { id, lead, within } of teams)
    if (!places.has(lead)) places.set(lead, { reportsTo: above(within), subteam: id })
  for (const { id, lead, members } of teams)
    for (const member of members)
      if (!places.has(member) && isOn(member)) places.set(member, { reportsTo: lead, subteam: id })
  for (const person of on.keys())
    if (!places.has(person)) places.set(person, { reportsTo: commander, subteam: null })
  const spans = new Map<string, number>()
  for (const { reportsTo } of places.values())
    if (reportsTo !== null) spans.set(reportsTo, (spans.get(reportsTo) ?? 0) + 1)
  return [...places].map(([person, place]) => ({ person, ...place, span: spans.get(person) ?? 0 }))
}

/** What a subteam, perhaps a dissolved one, is or was a part of. */
const outer = ({ subteams }: Incident, id: string) => subteams.get(id)?.within
