import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import type { IncidentFilter, IncidentSummary, SearchHit } from '../schema.generated.js'
import { incidentsOf } from '../views/list-incidents.js'
import { type Hit, search } from '../views/search.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import { summaryAnswer } from './summary.answer.js'

@Resolver()
export class SearchResolver {
  constructor(
    private readonly views: Views,
    private readonly directory: Directory,
  ) {}

  @Query()
  async search(
    @Args('query') query: string,
    @Args('filter') filter: IncidentFilter | null | undefined,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
  ) {
    const commander =
      filter?.commander == null ? {} : { commander: this.directory.person(filter.commander) }
    const hits = await search(this.views, query, { ...filter, ...commander }, first, after)
    const summaries = this.#summaries(hits.edges.map(({ hit }) => hit.incident))
    const edges = hits.edges.flatMap(({ cursor, hit }) => {
      const incident = summaries.get(hit.incident)
      return incident ? [{ cursor, node: hitAnswer(hit, incident) }] : []
    })
    return connection(edges, hits.hasNextPage, hits.endCursor)
  }

  #summaries(ids: readonly string[]): ReadonlyMap<string, IncidentSummary> {
    const listed = incidentsOf(this.views.db, [...new Set(ids)])
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
