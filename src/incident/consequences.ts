import type { Decided } from '../decider/decider.js'
import type { Asking, MessagesOf } from '../decider/facet.js'
import { isHistory } from './guards.js'
import type { Events, Incident, IncidentEvent } from './incident.js'
import { newcomers } from './membership.js'
import { requirementsSet } from './needs.js'

type Message = MessagesOf<Events>

/** What a decision brings with it, whatever subject it was of; most bring nothing. */
export function withConsequences(
  before: Incident,
  decided: Decided<Message>,
  asking: Asking,
  evolve: (state: Incident, event: IncidentEvent) => Incident,
): Decided<Message> {
  const { events, occurredAt } = decided
  const members = bearsOnMembers(before, events)
  const needs = events.some(({ type }) => bearOnNeeds.has(type))
  if (events.length === 0 || (!members && !needs)) return decided
  const { actor, clock, revision, policy } = asking
  const after = events.reduce((state, event, i) => {
    const envelope = { id: '', revision: revision + 1 + i, occurredAt, recordedAt: clock, actor }
    return evolve(state, { ...event, ...envelope } as IncidentEvent)
  }, before)
  return {
    ...decided,
    events: [
      ...events,
      ...(needs && !isHistory(after) ? requirementsSet(after, policy) : []),
      ...(members ? newcomers(before, after) : []),
    ],
  }
}

/** Of a restricted incident it is looked, after each decision, who has a part in it that had none. */
const bearsOnMembers = ({ visibility }: Incident, events: readonly Message[]) =>
  visibility.level === 'RESTRICTED' || events.some(({ type }) => type === 'VisibilitySet')

/** What an incident needs depends on how bad it is. Of history nothing is needed any more. */
const bearOnNeeds: ReadonlySet<Message['type']> = new Set([
  'IncidentDeclared',
  'SeveritySet',
  'MajorIncidentDeclared',
  'MajorIncidentStoodDown',
  'IncidentReclassified',
])
