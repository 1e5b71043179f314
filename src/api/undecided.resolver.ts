import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import { incidentsOf } from '../views/known-incidents.js'
import { listUndecided } from '../views/undecided.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import { actorAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'
import { summaryAnswer } from './summary.answer.js'

@Resolver()
export class UndecidedResolver {
  constructor(
    private readonly views: Views,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly sight: Sight,
  ) {}

  @Query()
  async undecided(
    @Args('olderThanMinutes') olderThanMinutes: number,
    @Args('includeRestricted') includeRestricted: boolean,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() context: OperationContext,
  ) {
    const viewer = await this.sight.lister(context, includeRestricted, 'undecided')
    const { db } = this.views
    const page = listUndecided(db, viewer, olderThanMinutes, this.clock.now(), first, after)
    const ids = new Set(page.edges.map(({ node }) => node.incidentId))
    const incidents = new Map(
      incidentsOf(db, viewer, [...ids]).map(one => [one.id, summaryAnswer(one, this.directory)]),
    )
    const edges = page.edges.flatMap(({ cursor, node: { incidentId, by, ...node } }) => {
      // Between the two looks it may have been restricted.
      const incident = incidents.get(incidentId)
      return incident
        ? [{ cursor, node: { ...node, incident, by: actorAnswer(by, this.directory) } }]
        : []
    })
    return connection(edges, page.hasNextPage)
  }
}
