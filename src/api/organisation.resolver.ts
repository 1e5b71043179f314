import { CommandBus } from '@nestjs/cqrs'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { newApiKey } from '../auth/api-key.js'
import { fromWire, toWire } from '../auth/scopes.js'
import { Directory } from '../commands/directory.js'
import { HandleOrganisation } from '../commands/handle-organisation.js'
import { payload } from '../commands/payload.js'
import type { Taken } from '../commands/streams.js'
import { type Made, Rejected } from '../decider/facet.js'
import type { OrganisationCommand, Organisation } from '../organisation/organisation.js'
import { organisations } from '../organisation/organisation.js'
import type {
  ApiKey,
  CommandOptions,
  CreateApiKeyInput,
  RegisterPersonInput,
  RevokeApiKeyInput,
  UpdatePersonInput,
} from '../schema.generated.js'
import { askedBy } from './asked.js'
import { pageOf } from './connection.js'
import { cursorOf } from './cursor.js'
import { eventAnswer } from './event.answer.js'
import { actorAnswer, personAnswer } from './person.answer.js'
import type { OperationContext } from './pipeline.js'

type Options = CommandOptions | null | undefined
type Page = { first: number; after?: string | null }

@Resolver()
export class OrganisationResolver {
  constructor(
    private readonly bus: CommandBus,
    private readonly directory: Directory,
  ) {}

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
      id => this.#key(id),
    )
  }

  @Mutation()
  async registerPerson(
    @Args('input') input: RegisterPersonInput,
    @Args('options') options: Options,
    @Context() context: OperationContext,
  ) {
    const taken = await this.#execute('RegisterPerson', input, options, context)
    const { personId } = taken.events[0]!.data as { personId: string }
    return { person: personAnswer(personId, this.directory), ...this.#receipt(taken) }
  }

  @Mutation()
  async updatePerson(
    @Args('input') input: UpdatePersonInput,
    @Args('options') options: Options,
    @Context() context: OperationContext,
  ) {
    const taken = await this.#execute('UpdatePerson', input, options, context)
    return { person: personAnswer(input.personId, this.directory), ...this.#receipt(taken) }
  }

  @Mutation()
  async createApiKey(
    @Args('input') { scopes, ...input }: CreateApiKeyInput,
    @Args('options') options: Options,
    @Context() context: OperationContext,
  ) {
    const missing = scopes.find(scope => !context.principal.scopes.has(scope))
    if (missing)
      throw new Rejected('SCOPE_MISSING', 'A key cannot be given what you may not do.', {
        needs: missing,
      })
    const { secret, ...made } = newApiKey()
    const wire = { ...input, scopes: scopes.map(toWire) }
    const taken = await this.#execute('CreateApiKey', wire, options, context, made)
    const { keyId } = taken.events[0]!.data as { keyId: string }
    const isNew = keyId === made.keyId
    return { key: this.#key(keyId), secret: isNew ? secret : null, ...this.#receipt(taken) }
  }

  @Mutation()
  async revokeApiKey(
    @Args('input') input: RevokeApiKeyInput,
    @Args('options') options: Options,
    @Context() context: OperationContext,
  ) {
    const taken = await this.#execute('RevokeApiKey', input, options, context)
    return { key: this.#key(input.keyId), secret: null, ...this.#receipt(taken) }
  }

  #execute(
    type: OrganisationCommand['type'],
    input: object,
    options: Options,
    context: OperationContext,
    made: Made = {},
  ): Promise<Taken<Organisation>> {
    const data = payload<object>(organisations.payloads[type], input)
    const command = { type, data } as OrganisationCommand
    return this.bus.execute(new HandleOrganisation(command, askedBy(context, options), made))
  }

  #receipt({ events, revision }: Taken<Organisation>) {
    const last = events.at(-1)
    return {
      revision,
      events: events.map(event => eventAnswer(event, this.directory)),
      position: last ? cursorOf(last) : null,
    }
  }

  #key(id: string): ApiKey {
    const { owner, scopes, digest: _, ...key } = this.directory.keys.get(id)!
    return {
      id,
      ...key,
      scopes: scopes.map(fromWire).filter(scope => scope !== undefined),
      owner: owner === undefined ? null : personAnswer(owner, this.directory),
    }
  }
}

const searchMax = 100

function searched(search: string | null | undefined): string {
  if (search && search.length > searchMax)
    throw new Rejected('INVALID_INPUT', `At most ${searchMax} characters.`, { fields: ['search'] })
  return search?.toLowerCase() ?? ''
}
