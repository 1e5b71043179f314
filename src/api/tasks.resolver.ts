import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import type { TaskFilter } from '../schema.generated.js'
import { listTasks } from '../views/list-tasks.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import type { OperationContext } from './pipeline.js'
import { taskAnswer } from './task.answer.js'

@Resolver()
export class TasksResolver {
  constructor(
    private readonly views: Views,
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  @Query()
  tasks(
    @Args('filter') filter: TaskFilter | null | undefined,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() { principal }: OperationContext,
  ) {
    const now = this.clock.now()
    const known = {
      ...(filter?.assignee != null && { assignee: this.directory.person(filter.assignee) }),
      ...(filter?.incidentId != null && { incidentId: filter.incidentId.toLowerCase() }),
    }
    const asked = { now, viewer: principal.actor.id }
    const page = listTasks(this.views.db, { ...filter, ...known }, asked, first, after)
    const edges = page.edges.map(({ cursor, node }) => ({
      cursor,
      node: taskAnswer(node.incidentId, node, now, this.directory),
    }))
    return connection(edges, page.hasNextPage)
  }
}
