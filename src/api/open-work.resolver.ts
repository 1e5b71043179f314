import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import { type Actor, Rejected } from '../decider/facet.js'
import type { WorkKind } from '../incident/open-work.js'
import type { IncidentSummary, OpenWork } from '../schema.generated.js'
import { incidentsOf } from '../views/known-incidents.js'
import { listOpenWork } from '../views/list-open-work.js'
import type { WorkRow } from '../views/open-work.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import { personAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'
import { summaryAnswer } from './summary.answer.js'

interface Asked {
  readonly person?: string | null
  readonly kinds?: readonly WorkKind[] | null
  readonly includeRestricted?: boolean | null
  readonly first: number
  readonly after?: string | null
}

@Resolver()
export class OpenWorkResolver {
  constructor(
    private readonly views: Views,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly sight: Sight,
  ) {}

  @Query()
  async openWork(
    @Args() { person, kinds, includeRestricted, first, after }: Asked,
    @Context() context: OperationContext,
  ) {
    const viewer = await this.sight.lister(context, includeRestricted, 'openWork')
    const whose = person == null ? ownId(viewer.actor) : this.directory.person(person)
    const page = listOpenWork(this.views.whole, viewer, whose, kinds, first, after)
    const ids = new Set(page.edges.map(({ node }) => node.incidentId))
    const listed = incidentsOf(this.views.db, viewer, [...ids])
    const summaries = new Map(listed.map(one => [one.id, summaryAnswer(one, this.directory)]))
    const now = this.clock.now()
    const edges = page.edges.flatMap(({ cursor, node }) => {
      const incident = summaries.get(node.incidentId)
      return incident ? [{ cursor, node: this.#answer(node, incident, now) }] : []
    })
    return connection(edges, page.hasNextPage)
  }

  #answer({ person, ...row }: WorkRow, incident: IncidentSummary, now: string): OpenWork {
    const { kind, subject, title, since, dueAt } = row
    const overdue = dueAt !== null && dueAt < now
    const whose = personAnswer(person, this.directory)
    return { kind, subject, title, since, dueAt, overdue, person: whose, incident }
  }
}

function ownId({ type, id }: Actor): string {
  if (type === 'USER') return id
  throw new Rejected('NOT_A_PERSON', 'This key belongs to nobody: say whose work is meant.')
}
