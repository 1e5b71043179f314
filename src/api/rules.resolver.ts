import { Args, Query, Resolver } from '@nestjs/graphql'
import { Directory } from '../commands/directory.js'
import { rotationAnswer, scaleAnswer } from './rules.answer.js'

/** What was agreed on before anything happens. */
@Resolver()
export class RulesResolver {
  constructor(private readonly directory: Directory) {}

  @Query()
  severityScale(@Args('version') version: number | null | undefined) {
    return scaleAnswer(this.directory, version ?? undefined)
  }

  @Query()
  rotationPolicy() {
    return rotationAnswer(this.directory)
  }
}
