import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { pageOf } from './connection.js'
import { serviceAnswer } from './service.answer.js'
import { settledKeys } from './settled-keys.js'

interface Asked {
  readonly owner?: string | null
  readonly includeRetired: boolean
  readonly first: number
  readonly after?: string | null
}

/** Who looks after what, now and at any moment before. */
@Resolver()
export class ServicesResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  services(@Args() { owner, includeRetired, ...page }: Asked) {
    const { serviceOwners } = this.directory.policy
    const whose = owner == null ? undefined : this.directory.person(owner)
    const keys = settledKeys(serviceOwners, includeRetired).filter(
      key => whose === undefined || serviceOwners.get(key)!.owners.includes(whose),
    )
    return pageOf(
      keys,
      key => key,
      page,
      key => serviceAnswer(key, serviceOwners.get(key)!, this.directory),
    )
  }

  @Query()
  async whoToCall(@Args('service') key: string, @Args('at') at: string | null | undefined) {
    const { serviceOwners } =
      at == null ? this.directory.policy : await this.directory.settledAt(at)
    const owner = serviceOwners.get(key)
    return owner && owner.retiredAt === undefined ? serviceAnswer(key, owner, this.directory) : null
  }
}
