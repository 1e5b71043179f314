import { setTimeout as pause } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import type { GraphQLSchema } from 'graphql'
import type { Principal } from '../auth/principal.js'
import { Directory, organisationStream } from '../commands/directory.js'
import { Rejected } from '../decider/facet.js'
import { Views } from '../views/views.js'
import { type LogPlace, placeOf } from './cursor.js'
import type { OperationContext } from './pipeline.js'
import { Sight } from './sight.js'

/** Another replica shows what was recorded within this, or something is wrong with it. */
const waitMsMax = 1000
/** Between asking the store twice; doubled each time, so that a second is some eight questions. */
const firstPauseMs = 5

/** What a client has seen elsewhere, waited for here. */
@Injectable()
export class AtLeast {
  constructor(
    private readonly sight: Sight,
    private readonly views: Views,
    private readonly directory: Directory,
  ) {}

  /**
   * Resolves once everything up to the cursor's place is known here. Rejects with `Rejected`:
   * INVALID_CURSOR, or NOT_CAUGHT_UP after a second.
   */
  async reached(cursor: string, principal: Principal): Promise<void> {
    const place = placeOf(cursor)
    const endsAt = performance.now() + waitMsMax
    const position = await until(endsAt, () => this.sight.position(place, principal))
    if (position === undefined) throw notCaughtUp('LOG')
    if (!(await this.views.caughtUp(position, endsAt - performance.now())))
      throw notCaughtUp('LISTS')
    if (!(await until(endsAt, () => this.#directoryKnows(place)))) throw notCaughtUp('DIRECTORY')
  }

  /** Whatever the place is of: the organisation may have changed before it. */
  async #directoryKnows({ stream, revision }: LogPlace): Promise<true | undefined> {
    await this.directory.refresh()
    const isKnown = stream !== organisationStream || this.directory.revision >= revision
    return isKnown || undefined
  }
}

/** Every query that takes `atLeast` waits for it before its resolver, which need not know of it. */
export function withAtLeast(schema: GraphQLSchema, atLeast: AtLeast): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { resolve } = field
    if (!resolve || !field.args.some(({ name }) => name === 'atLeast')) continue
    field.resolve = (source, given, context, info) =>
      given.atLeast == null
        ? resolve(source, given, context, info)
        : atLeast
            .reached(given.atLeast, (context as OperationContext).principal)
            .then(() => resolve(source, given, context, info))
  }
  return schema
}

/** Asks until there is an answer; undefined if there is none in time. */
async function until<Answer>(
  endsAt: number,
  ask: () => Promise<Answer | undefined>,
): Promise<Answer | undefined> {
  for (let ms = firstPauseMs; ; ms *= 2) {
    const answer = await ask()
    const left = endsAt - performance.now()
    if (answer !== undefined || left <= 0) return answer
    await pause(Math.min(ms, left))
  }
}

const notCaughtUp = (behind: 'LOG' | 'LISTS' | 'DIRECTORY') =>
  new Rejected('NOT_CAUGHT_UP', 'This replica is not there yet; ask again, or ask another.', {
    behind,
  })
