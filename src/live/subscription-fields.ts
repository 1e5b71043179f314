import { Injectable } from '@nestjs/common'
import { Incidents } from '../api/asked-incident.js'
import { eventAnswer, incidentIdOf } from '../api/event.answer.js'
import { filterOf } from '../api/incident-filter.js'
import type { OperationContext } from '../api/pipeline.js'
import { Sight, viewerOf } from '../api/sight.js'
import { summaryAnswer } from '../api/summary.answer.js'
import { taskAnswer } from '../api/task.answer.js'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { inSlices } from '../in-slices.js'
import { incidentAtInParts } from '../replays/incident-at.js'
import type { EventFilter, ISubscription, IncidentFilter, TaskFilter } from '../schema.generated.js'
import { matchingIncident } from '../views/known-incidents.js'
import { matchingTask } from '../views/list-tasks.js'
import { Views } from '../views/views.js'
import { Feeds, modesTold } from './feeds.js'
import { type Asked, Following } from './following.js'

type Context = OperationContext

/** What the fields of `Subscription` follow. */
@Injectable()
export class SubscriptionFields {
  constructor(
    private readonly feeds: Feeds,
    readonly sight: Sight,
    private readonly views: Views,
    readonly directory: Directory,
    private readonly incidents: Incidents,
    private readonly clock: Clock,
  ) {}

  /** For graphql. */
  get resolvers() {
    const fields: { [F in keyof ISubscription]: (args: any, context: Context) => Promise<Asked> } =
      {
        incidentEvents: this.#incidentEvents,
        incidentChanged: this.#incidentChanged,
        incidentsChanged: this.#incidentsChanged,
        tasksChanged: this.#tasksChanged,
      }
    return Object.fromEntries(
      Object.entries(fields).map(([field, asked]) => [
        field,
        {
          subscribe: async (_: unknown, args: object, context: Context) =>
            new Following(field, await asked(args, context)),
        },
      ]),
    )
  }

  readonly #incidentEvents = async (
    { filter, after }: { filter?: EventFilter | null; after?: string | null },
    context: Context,
  ): Promise<Asked> => {
    const wanted = await this.feeds.wanted(filter, context, 'incidentEvents')
    const start = await this.feeds.begin(after, wanted)
    const place = (cursor: string) => ({ cursor, event: null })
    return {
      start,
      wanted,
      isPersonal: false,
      first: place(start.cursor),
      answer: (event, cursor) => ({ cursor, event: eventAnswer(event, this.directory) }),
      scanned: place,
    }
  }

  readonly #incidentChanged = async (
    { id: given }: { id: string },
    context: Context,
  ): Promise<Asked> => {
    const id = given.toLowerCase()
    const incident = async () => {
      const events = await this.sight.stream(id, context, 'incidentChanged')
      if (events.length === 0)
        throw new Rejected('INCIDENT_NOT_FOUND', 'There is no such incident.')
      const { incident: state, revision } = await inSlices(incidentAtInParts(events))
      return { last: events.at(-1)!, answer: { id, state, revision, events } }
    }
    const known = await this.feeds.known()
    const { last, answer } = await incident()
    const told = (cursor: string, one: typeof answer) => ({
      cursor,
      incident: this.incidents.answer(one, context.principal),
    })
    const start = this.feeds.beginAt(last, known)
    return {
      start,
      wanted: this.#stateOf(context, event => incidentIdOf(event.stream) === id, true),
      isPersonal: true,
      first: told(start.cursor, answer),
      answer: async (_, cursor) => told(cursor, (await incident()).answer),
      lost: event => {
        if (incidentIdOf(event.stream) === id)
          throw new Rejected('INCIDENT_NOT_FOUND', 'There is no such incident.')
      },
    }
  }

  readonly #incidentsChanged = async (
    { filter }: { filter?: IncidentFilter | null },
    context: Context,
  ): Promise<Asked> => {
    const viewer = await this.sight.lister(context, filter?.includeRestricted, 'incidentsChanged')
    const known = await filterOf(filter, context, 'incidentsChanged', this)
    const wanted = { ...known, mode: known.mode ?? modesTold }
    const start = await this.feeds.beginNow(context)
    // What the filter cannot be asked with is refused now.
    matchingIncident(this.views.db, viewer, wanted, '')
    const told = (event: StoredEvent, cursor: string) => {
      const id = incidentIdOf(event.stream)!
      const found = matchingIncident(this.views.db, viewer, wanted, id)
      return { cursor, incidentId: id, incident: found && summaryAnswer(found, this.directory) }
    }
    return {
      start,
      wanted: { ...this.#stateOf(context, isOfIncident), viewer },
      isPersonal: true,
      first: { cursor: start.cursor, incidentId: null, incident: null },
      answer: told,
      lost: told,
    }
  }

  readonly #tasksChanged = async (
    { filter }: { filter?: TaskFilter | null },
    context: Context,
  ): Promise<Asked> => {
    const viewer = await this.sight.lister(context, filter?.includeRestricted, 'tasksChanged')
    const wanted = {
      ...filter,
      ...(filter?.assignee != null && { assignee: this.directory.person(filter.assignee) }),
      incidentId: filter?.incidentId?.toLowerCase() ?? null,
    }
    const start = await this.feeds.beginNow(context)
    const found = (incidentId: string, taskId: string) =>
      matchingTask(this.views.db, viewer, { ...wanted, incidentId }, this.clock.now(), taskId)
    found('', '')
    const isWanted = (event: StoredEvent) =>
      isOfIncident(event) &&
      (wanted.incidentId === null || incidentIdOf(event.stream) === wanted.incidentId)
    const ofIncident = (event: StoredEvent) => ({ incidentId: incidentIdOf(event.stream)! })
    return {
      start,
      wanted: {
        ...this.#stateOf(context, event => isWanted(event) && taskIdOf(event) !== undefined),
        viewer,
      },
      isPersonal: true,
      first: { cursor: start.cursor, incidentId: null, taskId: null, task: null },
      answer: (event, cursor) => {
        const { incidentId } = ofIncident(event)
        const taskId = taskIdOf(event)!
        const now = this.clock.now()
        const task = found(incidentId, taskId)
        const answer = task && taskAnswer(incidentId, task, now, this.directory)
        return { cursor, incidentId, taskId, task: answer }
      },
      lost: (event, cursor) =>
        isWanted(event) && { cursor, ...ofIncident(event), taskId: null, task: null },
    }
  }

  /** Of how things stand, what was missed is not told: it is asked anew. */
  #stateOf({ principal }: Context, shows: (event: StoredEvent) => boolean, asAdmin = false) {
    const told = viewerOf(principal)
    const viewer = asAdmin ? told : { ...told, isAdmin: false }
    return { viewer, told, principal, shows, readsLog: false }
  }
}

const isOfIncident = ({ stream }: StoredEvent) => incidentIdOf(stream) !== null

function taskIdOf({ data }: StoredEvent): string | undefined {
  const { taskId } = data as { taskId?: unknown }
  return typeof taskId === 'string' ? taskId : undefined
}
