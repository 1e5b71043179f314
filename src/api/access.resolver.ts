import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { AccessLog, type AccessNoted } from '../commands/access-log.js'
import { Directory } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { AccessEntry } from '../schema.generated.js'
import { connection } from './connection.js'
import { cursorOf, invalidCursor, placeOf } from './cursor.js'
import { actorAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'

@Resolver()
export class AccessResolver {
  constructor(
    private readonly log: AccessLog,
    private readonly sight: Sight,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  @Query()
  async accessLog(
    @Args('day') given: string | null | undefined,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() { principal }: OperationContext,
  ) {
    const day = dayOf(given ?? this.clock.now())
    const from = after == null ? 0 : await this.#behind(after, day)
    const events = await this.log.read(day, from, first + 1)
    const page = events.slice(0, first)
    const seen = await this.sight.among(page.map(incidentOf), principal)
    const edges = page.map(event => ({
      cursor: cursorOf(event),
      node: this.#entry(event, seen),
    }))
    return connection(edges, events.length > first, edges.at(-1)?.cursor ?? after ?? null)
  }

  async #behind(cursor: string, day: string): Promise<number> {
    const { stream, revision, id } = placeOf(cursor)
    const [event] = stream === `access-${day}` ? await this.log.read(day, revision, 1) : []
    if (event?.id !== id) throw invalidCursor()
    return revision + 1
  }

  #entry(event: StoredEvent, seen: ReadonlySet<string>): AccessEntry {
    const { kind, operation, code = null, detail = null, repeats = 0 } = said(event)
    const incidentId = incidentOf(event)
    return {
      id: event.id,
      kind,
      at: event.occurredAt,
      actor: actorAnswer(event.actor, this.directory),
      operation,
      incidentId: incidentId !== undefined && seen.has(incidentId) ? incidentId : null,
      code,
      detail,
      repeats,
      correlationId: event.correlationId,
    }
  }
}

const said = ({ data }: StoredEvent) => data as AccessNoted
const incidentOf = (event: StoredEvent) => said(event).incidentId

/** The day of an instant, or the day itself; the 30th of February is none. */
function dayOf(text: string): string {
  const day = text.slice(0, 10)
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && (text === day || text.includes('T'))
  const at = isDay ? new Date(`${day}T00:00:00Z`) : undefined
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day)
    throw new Rejected('INVALID_INPUT', 'A day is such as 2026-01-31.', { fields: ['day'] })
  return day
}
