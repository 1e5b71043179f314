import { Args, Context, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import type { TaskFilter } from '../schema.generated.js'
import { listTasks } from '../views/list-tasks.js'
import { Views } from '../views/views.js'
import { connection } from './connection.js'
import type { OperationContext } from './pipeline.js'
import { Sight, viewerOf } from './sight.js'
import { taskAnswer } from './task.answer.js'

@Resolver()
export class TasksResolver {
  constructor(
    private readonly views: Views,
    private readonly directory: Directory,
    private readonly clock: Clock,
    private readonly sight: Sight,
  ) {}

  @Query()
  async tasks(
    @Args('filter') filter: TaskFilter | null | undefined,
    @Args('first') first: number,
    @Args('after') after: string | null | undefined,
    @Context() context: OperationContext,
  ) {
    const now = this.clock.now()
    const id = filter?.incidentId?.toLowerCase()
    const viewer = await this.sight.lister(context, filter?.includeRestricted, 'tasks')
    const known = {
      ...(filter?.assignee != null && { assignee: this.directory.person(filter.assignee) }),
      ...(id !== undefined && { incidentId: await this.sight.id(id, context, 'tasks') }),
    }
    const whole = id === undefined ? viewer : viewerOf(context.principal)
    const page = listTasks(this.views.whole, whole, { ...filter, ...known }, now, first, after)
    const edges = page.edges.map(({ cursor, node }) => ({
      cursor,
      node: taskAnswer(node.incidentId, node, now, this.directory),
    }))
    return connection(edges, page.hasNextPage)
  }
}
