import { beforeAll, describe, expect, test } from '@jest/globals'
import { Rejected } from '../../src/decider/facet.js'
import { statusOf } from '../../src/incident/guards.js'
import {
  type Incident,
  type IncidentCommand,
  type IncidentEvent,
  incidents,
} from '../../src/incident/incident.js'
import { declared } from '../support/facts.js'
import { type Fact, askingOf, recorded } from '../support/given.js'
import { mayRefuseListed } from '../support/listed-codes.js'

/** Most of what is asked here is refused, and where that was thrown nobody reads. */
Error.stackTraceLimit = 0

const people = ['alice', 'bob', 'carol']
const reason = 'Because'

/** Every role and handoff command, about whomever it can be; and what ends the response and begins it again. */
const commands: readonly IncidentCommand[] = [
  ...people.flatMap(person => [
    { type: 'AssignRole' as const, data: { role: 'INCIDENT_COMMANDER' as const, person } },
    { type: 'AssignRole' as const, data: { role: 'DEPUTY' as const, person } },
    { type: 'ReleaseRole' as const, data: { role: 'INCIDENT_COMMANDER' as const, person, reason } },
    { type: 'ReleaseRole' as const, data: { role: 'DEPUTY' as const, person } },
    { type: 'OfferHandoff' as const, data: { to: person } },
    { type: 'PromoteDeputy' as const, data: { person, reason } },
  ]),
  { type: 'ReleaseRole', data: { role: 'INCIDENT_COMMANDER', reason } },
  { type: 'ReleaseRole', data: { role: 'INCIDENT_COMMANDER' } },
  { type: 'ReleaseRole', data: { role: 'DEPUTY' } },
  { type: 'JoinIncident', data: {} },
  { type: 'LeaveIncident', data: {} },
  { type: 'ClaimCommand', data: {} },
  { type: 'TakeCommand', data: { reason } },
  { type: 'AcceptHandoff', data: {} },
  { type: 'DeclineHandoff', data: { reason } },
  { type: 'WithdrawHandoff', data: {} },
  { type: 'PromoteDeputy', data: { reason } },
  { type: 'ResolveIncident', data: { summary: reason } },
  { type: 'ReopenIncident', data: { reason } },
]

interface Step {
  readonly by: string
  readonly command: IncidentCommand
  readonly from: Incident
  /** The state itself if nothing was recorded. */
  readonly to: Incident
  readonly events: readonly IncidentEvent[]
  readonly listed: boolean
  readonly refused: Rejected | undefined
}

/** What makes states differ, without when it came to be so. */
const canonical = ({ lifecycle, handoff, roles, presence }: Incident) =>
  JSON.stringify([
    lifecycle.status,
    handoff.commander,
    handoff.offer && [handoff.offer.by, handoff.offer.to],
    roles.held.map(({ person, role }) => [person, role]).toSorted(),
    [...presence].map(([person, { on }]) => [person, on]).toSorted(),
  ])

const askings = new Map(people.map(person => [person, askingOf(person)]))

function taken(from: Incident, command: IncidentCommand, by: string, listed: boolean): Step {
  try {
    const { events } = incidents.decide(from, command, askings.get(by)!)
    const stored = events.map((event, n) => recorded({ ...event, by } as Fact, n) as IncidentEvent)
    const to = stored.reduce((state, event) => incidents.evolve(state, event), from)
    return { by, command, from, to, events: stored, listed, refused: undefined }
  } catch (refused) {
    if (!(refused instanceof Rejected)) throw refused
    return { by, command, from, to: from, events: [], listed, refused }
  }
}

/** Breadth-first from a declared incident until no command leads to a state that was not seen yet. */
function walk(visit: (step: Step) => void): Map<string, Incident> {
  const start = incidents.evolve(incidents.initial, recorded(declared, 0) as IncidentEvent)
  const seen = new Map([[canonical(start), start]])
  for (const from of seen.values())
    for (const by of people) {
      const listed = new Set(incidents.allowed(from, askings.get(by)!))
      for (const command of commands) {
        const step = taken(from, command, by, listed.has(command.type))
        visit(step)
        if (step.to === from) continue
        const key = canonical(step.to)
        if (!seen.has(key)) seen.set(key, step.to)
      }
    }
  return seen
}

describe('three people, every role and handoff command, in every order', () => {
  const steps: Step[] = []
  let states: Incident[]
  beforeAll(() => {
    states = [...walk(step => steps.push(step)).values()]
  })
  const offending = (isWrong: (step: Step) => boolean) =>
    steps.filter(isWrong).map(({ by, command, from, events, refused }) => ({
      by,
      command: JSON.stringify(command),
      from: canonical(from),
      events: events.map(({ type }) => type),
      refused: refused?.code,
    }))[0]
  const never = (isWrong: (step: Step) => boolean) => expect(offending(isWrong)).toBeUndefined()

  test('lead to all the states there are', () => {
    // Vacant, or commanded by one of three with no offer or one to either other; over: without offers.
    const commands = 1 + 3 * 3 + (1 + 3)
    // Each is deputy or not, and never came, is here or left.
    const each = 2 * 3
    // Reopening is a move: active again differs from active as declared, by its status alone.
    const again = 1 + 3 * 3
    expect(states).toHaveLength((commands + again) * each ** 3)
  })

  test('never make two commanders, nor one who is a role besides', () =>
    never(({ to }) => to.roles.held.some(({ role }) => role === 'INCIDENT_COMMANDER')))

  test('keep an offer only while there is a commander, and never to the commander', () =>
    never(({ to: { handoff } }) => {
      if (handoff.offer === null) return false
      return handoff.commander === null || handoff.offer.to === handoff.commander
    }))

  test('keep an offer only of the one in command', () =>
    never(
      ({ to: { handoff } }) => handoff.offer !== null && handoff.offer.by.id !== handoff.commander,
    ))

  test('keep no offer once the response is over', () =>
    never(({ to }) => statusOf(to) === 'RESOLVED' && to.handoff.offer !== null))

  test('let the commander never just leave', () =>
    never(({ from, events }) =>
      events.some(
        ({ type, data }) =>
          type === 'ResponderLeft' &&
          (data as { person: string }).person === from.handoff.commander,
      ),
    ))

  const isDeputy = ({ roles }: Incident, who: string | null) =>
    roles.held.some(({ role, person }) => role === 'DEPUTY' && person === who)

  test('take command from the commander only by a handoff, as a deputy, openly, or by their release', () =>
    never(({ by, from, to, command, events }) => {
      const [before, after] = [from.handoff.commander, to.handoff.commander]
      if (before === null || before === after) return false
      const [{ type } = { type: '' }] = events
      if (command.type === 'AcceptHandoff')
        return type !== 'HandoffAccepted' || from.handoff.offer?.to !== after || by !== after
      if (command.type === 'PromoteDeputy')
        return (
          type !== 'DeputyPromoted' ||
          !isDeputy(from, after) ||
          isDeputy(to, after) ||
          (by !== before && by !== after)
        )
      if (command.type === 'TakeCommand') return type !== 'CommandTaken' || by !== after
      return command.type !== 'ReleaseRole' || type !== 'CommandReleased' || by !== before
    }))

  test('leave no role with whoever left', () =>
    never(
      ({ command, by, to, events }) =>
        command.type === 'LeaveIncident' &&
        events.length > 0 &&
        to.roles.held.some(({ person }) => person === by),
    ))

  test('change nothing once the response is over, but to reopen it', () =>
    never(
      ({ from, command, events }) =>
        statusOf(from) === 'RESOLVED' && command.type !== 'ReopenIncident' && events.length > 0,
    ))

  test('that were taken are over when they come again', () =>
    never(({ by, command, to, events }) => {
      if (events.length === 0) return false
      return taken(to, command, by, false).events.length > 0
    }))

  test('that are not listed are refused or change nothing', () =>
    never(({ listed, events }) => !listed && events.length > 0))

  test('that are listed are refused for their payload alone', () =>
    never(
      ({ listed, command, refused }) =>
        listed && refused !== undefined && !mayRefuseListed(command.type, refused.code),
    ))

  test('that are listed and have no payload that matters, are taken', () => {
    const plain = new Set(['JoinIncident', 'LeaveIncident', 'ClaimCommand', 'TakeCommand'])
    for (const type of ['AcceptHandoff', 'DeclineHandoff', 'WithdrawHandoff', 'ResolveIncident'])
      plain.add(type)
    never(({ listed, command, events }) => listed && plain.has(command.type) && events.length === 0)
  })
})
