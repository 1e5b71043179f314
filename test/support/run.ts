import { isDeepStrictEqual } from 'node:util'
import { type Asking, Rejected } from '../../src/decider/facet.js'
import {
  type Incident,
  type IncidentCommand,
  type IncidentEvent,
  incidents,
} from '../../src/incident/incident.js'
import { otherMeant } from '../../src/incident/counterparts.js'
import { commandOf, timersOf } from '../../src/incident/timers.js'
import { type Ask, others, persons } from './inputs.js'
import { policy } from './policy.js'

/** What the last command came to: what was decided, or the refusal. */
export interface Step {
  readonly ask: Ask
  readonly asking: Asking
  readonly before: Incident
  readonly events: readonly IncidentEvent[]
  readonly refused: Rejected | undefined
}

/** Does what the command handler does, in memory, and shows every step. */
export function run(
  asked: readonly Ask[],
  visit: (step: Step, after: Incident) => void = () => {},
) {
  const log: IncidentEvent[] = []
  let state = incidents.initial
  for (const one of asked) {
    const before = state
    const ask = atItsTime(one, state)
    const asking = askingAt(ask, log)
    const { refused, events } = decided(before, ask, asking, log.length)
    for (const event of events) {
      log.push(event)
      state = incidents.evolve(state, event)
    }
    visit({ ask, asking, before, events, refused }, state)
  }
  return { state, log }
}

/** What falls due mostly does so at the time that the state says, and claims it. */
function atItsTime(ask: Ask, state: Incident): Ask {
  const { command } = ask
  if (!('dueAt' in command.data) || typeof command.data.dueAt !== 'string') return ask
  const { dueAt: _, ...subject } = command.data
  const armed = timersOf(state).map(commandOf)
  const due = armed.find(
    ({ type, data: { ...data } }) =>
      type === command.type &&
      isDeepStrictEqual({ ...data, dueAt: undefined }, { ...subject, dueAt: undefined }),
  )
  const asked = due ?? command
  return { ...ask, command: asked, claimed: (asked.data as { dueAt: string }).dueAt }
}

export function decided(
  state: Incident,
  { command, actor }: Ask,
  asking: Asking,
  revision: number,
) {
  try {
    const { events, occurredAt } = incidents.decide(state, command, asking)
    const recorded = events.map((event, n) => ({
      ...event,
      id: `event-${revision + n}`,
      revision: revision + n,
      occurredAt,
      recordedAt: asking.clock,
      actor,
    })) as IncidentEvent[]
    return { refused: undefined, events: recorded }
  } catch (refused) {
    if (refused instanceof Rejected) return { refused, events: [] }
    throw refused
  }
}

export function askingAt(
  { command, actor, clock, claimed, overrides }: Ask,
  log: readonly IncidentEvent[],
): Asking {
  let made = 0
  const other = others.get(otherMeant(command as IncidentCommand) ?? '')
  const before = log.filter(
    ({ type }) => type === 'TaskAssigned' || type === 'ActionProposed',
  ).length
  return {
    actor,
    clock,
    ...(claimed !== undefined && { claimed }),
    overrides,
    revision: log.length - 1,
    newId: () => `id-${before + ++made}`,
    key(id) {
      if (id === 'key') return id
      throw new Rejected('KEY_NOT_FOUND', 'None.')
    },
    person(id) {
      if (persons.includes(id)) return id
      throw new Rejected('UNKNOWN_PERSON', 'Nobody.')
    },
    called: id => [id],
    event: id => log.find(event => event.id === id),
    made: { reference: 'INC-1', ...(other && { other }) },
    policy,
  }
}
