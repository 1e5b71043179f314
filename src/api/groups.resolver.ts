import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { type Page, pageOf } from './connection.js'
import { groupAnswer } from './groups.answer.js'
import { settledKeys } from './settled-keys.js'

@Resolver()
export class GroupsResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  groups(@Args() { includeRetired, ...page }: Page & { includeRetired: boolean }) {
    return pageOf(
      settledKeys(this.directory.policy.groups, includeRetired),
      handle => handle,
      page,
      handle => groupAnswer(handle, this.directory),
    )
  }
}
