import { Args, Context, Info, Query, Resolver } from '@nestjs/graphql'
import { type GraphQLResolveInfo, execute } from 'graphql'
import { Directory } from '../commands/directory.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import { changeSentence } from '../replays/difference-words.js'
import { type JsonObject, differences } from '../replays/difference.js'
import { eventsAt } from '../replays/incident-at.js'
import { timelineInParts } from '../replays/timeline.js'
import type { AsOf } from '../schema.generated.js'
import { Incidents } from './asked-incident.js'
import { comparison, plain } from './comparable.js'
import { type Page, pageOf } from './connection.js'
import { placeIn } from './cursor.js'
import type { Slicing } from './deadline.js'
import { eventAnswer } from './event.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'
import { entryAnswer } from './timeline.answer.js'

interface Asked {
  readonly id?: string | null
  readonly reference?: string | null
  readonly from: AsOf
  readonly to?: AsOf | null
}
@Resolver()
export class DifferenceResolver {
  constructor(
    private readonly sight: Sight,
    private readonly directory: Directory,
    private readonly incidents: Incidents,
  ) {}

  @Query()
  async diff(
    @Args() { id, reference, from, to }: Asked,
    @Context() context: OperationContext,
    @Info() info: GraphQLResolveInfo,
  ) {
    const inSlices = this.incidents.slicing()
    const { before, after } = await bothOf({ id, reference, from, to }, context, info)
    const { directory } = this
    const changes = differences(before.rest, after.rest)
    const stream = await this.sight.stream(before.id, context, 'diff')
    // What was recorded since the two were read is in neither.
    const until = ({ revision }: Answered) => stream.slice(0, revision + 1)
    const [was, is] = [eventsAt(until(before), from), eventsAt(until(after), to ?? {})]
    const between = onlyInOne(was, is)
    const told = await this.sight.told(between, context.principal)
    return {
      incidentId: before.id,
      fromRevision: before.revision,
      toRevision: after.revision,
      changes: (page: Page) =>
        pageOf(
          changes.map((change, number) => ({ change, number })),
          ({ number }) => String(number),
          page,
          ({ change: { called, ...change } }) => ({
            ...change,
            sentence: changeSentence({ called, ...change }, directory.name),
          }),
        ),
      events: (page: Page) => pageOf(told, placeIn, page, event => eventAnswer(event, directory)),
      timeline: async (page: Page) =>
        pageOf(
          await entriesOf(between, inEither(was, is), directory, inSlices),
          ({ eventId }) => eventId,
          page,
          entry => entryAnswer(entry, directory),
        ),
    }
  }
}

interface Answered {
  readonly id: string
  readonly revision: number
  readonly rest: JsonObject
}

/** The same question as any client's, so what is hidden or not there is so here too. */
async function bothOf(
  variableValues: object,
  contextValue: object,
  { schema }: GraphQLResolveInfo,
) {
  const document = comparison(schema)
  const given = variableValues as Record<string, unknown>
  const { data, errors } = await execute({ schema, document, contextValue, variableValues: given })
  if (errors?.[0]) throw errors[0].originalError ?? errors[0]
  const { before, after } = data as { before: JsonObject; after: JsonObject }
  return { before: answered(before), after: answered(after) }
}

const answered = ({ id, revision, ...rest }: JsonObject): Answered => ({
  id: id as string,
  revision: revision as number,
  rest: plain(rest) as JsonObject,
})

/** In the order of the record. */
function onlyInOne(was: readonly StoredEvent[], is: readonly StoredEvent[]): StoredEvent[] {
  const [before, after] = [was, is].map(events => new Set(events.map(({ id }) => id)))
  return inEither(was, is).filter(({ id }) => !before!.has(id) || !after!.has(id))
}

/** The later moment holds all of the earlier, unless one is of what was known and one of what happened. */
function inEither(was: readonly StoredEvent[], is: readonly StoredEvent[]): StoredEvent[] {
  const events = new Map([...was, ...is].map(event => [event.revision, event]))
  return [...events.values()].toSorted((a, b) => a.revision - b.revision)
}

async function entriesOf(
  between: readonly StoredEvent[],
  all: readonly StoredEvent[],
  { name }: Directory,
  inSlices: Slicing,
) {
  const ids = new Set(between.map(({ id }) => id))
  const entries = await inSlices(
    timelineInParts(all, name, { order: 'RECORDED', showHistory: true }),
  )
  return entries.filter(({ eventId }) => ids.has(eventId))
}
