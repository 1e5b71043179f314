import type { Name, Timing } from '../decider/facet.js'
import { latest } from '../decider/instants.js'
import type { Offer } from '../incident/handoff.js'
import { type IncidentEvent, incidents } from '../incident/incident.js'
import { type AsTold, asTold } from './as-told.js'
import { capital } from './capital.js'
import { type Step, type StreamEvent, steps } from './incident-at.js'
import { minutesBetween, span } from './said-times.js'

/** Who was in command for a time; the fields are those of the SDL, the commander a person's id. */
export interface CommandPeriod {
  readonly commander: string | null
  readonly from: string
  /** How well `from` is known; null: exactly. */
  readonly timing: Timing | null
  readonly until: string | null
  readonly how: string
}

/** Who was in command, and when, from the declaration on. */
export function commandHistory(
  events: readonly StreamEvent[],
  name: Name,
  told: AsTold = asTold(events),
): CommandPeriod[] {
  const starts: Omit<CommandPeriod, 'until'>[] = []
  for (const step of steps(events)) {
    if (!changesCommand(step)) continue
    const { event, after } = step
    const { at, timing } = told.when(event)
    const from = latest(starts.at(-1)?.from, at)!
    starts.push({ commander: after.handoff.commander, from, timing, how: how(step, name) })
  }
  return starts
    .map((start, index) => ({ ...start, until: starts[index + 1]?.from ?? null }))
    .filter(({ commander, from, until }) => commander !== null || from !== until)
}

/** Asked of the states, so that a later kind of event that changes command is not forgotten here. */
const changesCommand = ({ before, after }: Step) =>
  before.declaration.status === 'NONE' && after.declaration.status !== 'NONE'
    ? true
    : before.handoff.commander !== after.handoff.commander

function how({ event, before, after }: Step, name: Name): string {
  if (event.type === 'IncidentDeclared') return 'The incident was declared'
  const text = capital(incidents.narrate(event as unknown as IncidentEvent, name, after).text)
  const { offer } = before.handoff
  return event.type === 'HandoffAccepted' && offer ? `${text}${offered(offer, event)}` : text
}

const offered = ({ at, note }: Offer, { occurredAt }: StreamEvent) =>
  `, offered ${span(minutesBetween(at, occurredAt))} before${note === undefined ? '' : `: ${note}`}`
