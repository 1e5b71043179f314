import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { type Foreseen, isFor, planCoverage } from '../incident/response-plan.js'
import { type Page, pageOf } from './connection.js'
import { coverageAnswer, planAnswer, runbookAnswer } from './runbooks.answer.js'
import { settledKeys } from './settled-keys.js'

type Settled = Page & { readonly includeRetired: boolean }

/** What to do was thought out before: runbooks, and plans for what was foreseen. */
@Resolver()
export class RunbooksResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  runbooks(@Args() { includeRetired, ...page }: Settled) {
    const keys = settledKeys(this.directory.policy.runbooks, includeRetired)
    return pageOf(
      keys,
      key => key,
      page,
      key => runbookAnswer(key, this.directory),
    )
  }

  @Query()
  responsePlans(@Args() { includeRetired, type, severity, service, ...page }: Settled & Foreseen) {
    const { responsePlans } = this.directory.policy
    const keys = settledKeys(responsePlans, includeRetired).filter(key =>
      isFor(responsePlans.get(key)!, { type, severity, service }),
    )
    return pageOf(
      keys,
      key => key,
      page,
      key => planAnswer(key, this.directory),
    )
  }

  @Query()
  planCoverage(@Args() page: Page) {
    return pageOf(
      planCoverage(this.directory.policy),
      ({ service }) => service,
      page,
      coverage => coverageAnswer(coverage, this.directory),
    )
  }
}
