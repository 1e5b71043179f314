import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import type { IncidentFilter, IncidentSummary, SearchHit } from '../schema.generated.js'
import type { Viewer } from '../incident/membership.js'
import { incidentsOf } from '../views/known-incidents.js'
import { type Hit, search } from '../views/search.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import { filterOf } from './incident-filter.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'
import { summaryAnswer } from './summary.answer.js'

@Resolver()
export class SearchResolver {
  constructor(
    private readonly views: Views,
    readonly directory: Directory,
    readonly sight: Sight,
  ) {}

  @Query()
  async search(
    @Args('query') query: string,
    @Args('filter') filter: IncidentFilter | null | undefined,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() context: OperationContext,
  ) {
    const viewer = await this.sight.lister(context, filter?.includeRestricted, 'search')
    const wanted = await filterOf(filter, context, 'search', this)
    const hits = await search(this.views, viewer, query, wanted, first, after)
    const summaries = this.#summaries(
      viewer,
      hits.edges.map(({ hit }) => hit.incident),
    )
    const edges = hits.edges.flatMap(({ cursor, hit }) => {
      const incident = summaries.get(hit.incident)
      return incident ? [{ cursor, node: hitAnswer(hit, incident) }] : []
    })
    return connection(edges, hits.hasNextPage, hits.endCursor)
  }

  #summaries(viewer: Viewer, ids: readonly string[]): ReadonlyMap<string, IncidentSummary> {
    const listed = incidentsOf(this.views.db, viewer, [...new Set(ids)])
    return new Map(listed.map(one => [one.id, summaryAnswer(one, this.directory)]))
  }
}

const hitAnswer = (
  { kind, entry, revision, snippet }: Hit,
  incident: IncidentSummary,
): SearchHit => ({
  incident,
  foundIn: kind,
  entryId: kind === 'TITLE' ? null : entry,
  revision,
  snippet: [...snippet],
})
