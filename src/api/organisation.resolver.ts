import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import { type Page, pageOf } from './connection.js'
import { apiKeyAnswer, customFieldAnswer, templateAnswer } from './organisation.answer.js'
import { actorAnswer, personAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'
import { settledKeys } from './settled-keys.js'

@Resolver()
export class OrganisationResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  viewer(@Context() { principal: { actor, scopes } }: OperationContext) {
    const person = actor.type === 'USER' ? personAnswer(actor.id, this.directory) : null
    return { actor: actorAnswer(actor, this.directory), person, scopes: [...scopes] }
  }

  @Query()
  people(@Args() { search, ...page }: Page & { search?: string | null }) {
    const wanted = searched(search)
    const found = [...this.directory.people]
      .filter(([, { handle, name }]) => `${handle}\n${name}`.toLowerCase().includes(wanted))
      .toSorted(([, a], [, b]) => (a.handle < b.handle ? -1 : 1))
    return pageOf(
      found,
      ([id]) => id,
      page,
      ([id]) => personAnswer(id, this.directory),
    )
  }

  @Query()
  apiKeys(@Args() page: Page) {
    const keys = [...this.directory.keys.keys()].toReversed()
    return pageOf(
      keys,
      id => id,
      page,
      id => apiKeyAnswer(id, this.directory),
    )
  }

  @Query()
  incidentTemplates(@Args() { includeRetired, ...page }: Page & { includeRetired: boolean }) {
    const keys = settledKeys(this.directory.policy.incidentTemplates, includeRetired)
    return pageOf(
      keys,
      key => key,
      page,
      key => templateAnswer(key, this.directory),
    )
  }

  @Query()
  customFields(@Args() { includeRetired, ...page }: Page & { includeRetired: boolean }) {
    const keys = settledKeys(this.directory.policy.customFields, includeRetired)
    return pageOf(
      keys,
      key => key,
      page,
      key => customFieldAnswer(key, this.directory),
    )
  }
}

const searchMax = 100

function searched(search: string | null | undefined): string {
  if (search && search.length > searchMax)
    throw new Rejected('INVALID_INPUT', `At most ${searchMax} characters.`, { fields: ['search'] })
  return search?.toLowerCase() ?? ''
}
