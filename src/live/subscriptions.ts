import type { GraphQLSchemaHost } from '@nestjs/graphql'
import {
  type DocumentNode,
  type ExecutionResult,
  type OperationDefinitionNode,
  createSourceEventStream,
} from 'graphql'
import { errorBody, formattedOf, noteFaults } from '../api/errors.js'
import type { Limits } from '../api/limits.js'
import type { OperationContext } from '../api/pipeline.js'
import type { StoredEvent } from '../event-store/stored-event.js'
import type { Feeds } from './feeds.js'
import type { Ended, Over, Stop } from './ending.js'
import type { Taker } from './follower.js'
import { type Asked, Following } from './following.js'
import type { Failed, Outlet } from './outlet.js'
import { type Selection, SharedAnswers, selectionOf } from './shared-answers.js'

export interface SubscriptionRequest {
  readonly operationName?: string | null | undefined
  readonly variables?: Record<string, unknown> | null | undefined
}
type EndedWith = (failed: Failed | undefined) => void

/** GraphQL subscriptions that passed the verdict, whatever transport they came by. */
export class Subscriptions {
  readonly #answers: SharedAnswers

  constructor(
    private readonly host: GraphQLSchemaHost,
    private readonly feeds: Feeds,
    { answerBytes }: Limits,
  ) {
    this.#answers = new SharedAnswers(answerBytes)
  }

  /**
   * Resolves once it follows, or has ended. How it ends is told once: undefined once aborted, else the errors.
   * Rejects never.
   */
  async begin(
    { document, operation }: { document: DocumentNode; operation: OperationDefinitionNode },
    { operationName, variables }: SubscriptionRequest,
    contextValue: OperationContext,
    outlet: Outlet,
    signal: Stop,
    ended: EndedWith,
  ): Promise<void> {
    const args = {
      schema: this.host.schema,
      document,
      contextValue,
      ...(operationName != null && { operationName }),
      variableValues: variables ?? {},
    }
    try {
      const source = await createSourceEventStream(args)
      if (!(source instanceof Following))
        return ended(formatted((source as ExecutionResult).errors, contextValue))
      if (signal.aborted) return ended(undefined)
      const { field, asked } = source
      const selection = selectionOf(args, operation, field, asked.isPersonal)
      const telling = new Telling(asked, selection, this.#answers, outlet, ended)
      await telling.begin()
      this.feeds.followed(asked.start, asked.wanted, telling, signal, telling)
    } catch (error) {
      ended(formatted([error], contextValue))
    }
  }
}

/** Tells one subscriber what they asked for. A class, and no closures: of thousands each has one. */
class Telling implements Taker, Over {
  constructor(
    private readonly asked: Asked,
    private readonly selection: Selection,
    private readonly answers: SharedAnswers,
    private readonly outlet: Outlet,
    private readonly done: EndedWith,
  ) {}

  begin(): void | Promise<void> {
    return this.#send(this.answers.made(this.selection, this.asked.first), this.asked.start.cursor)
  }

  take(event: StoredEvent, cursor: string): void | Promise<void> {
    const root = () => this.asked.answer(event, cursor)
    return this.#send(this.answers.of(this.selection, event, root), cursor)
  }

  lost(event: StoredEvent, last: string): void | Promise<void> {
    const root = this.asked.lost?.(event, last)
    return root ? this.#send(this.answers.made(this.selection, root), last) : undefined
  }

  scanned(cursor: string): void {
    const root = this.asked.scanned?.(cursor)
    if (root) void this.#send(this.answers.made(this.selection, root), cursor)
  }

  get pendingBytes(): number {
    return this.outlet.pendingBytes
  }

  drained(): Promise<void> {
    return this.outlet.drained()
  }

  ended(ended: Ended | undefined): void {
    this.done(toldOf(ended))
  }

  failed(error: unknown): void {
    this.done(formatted([error], this.selection.args.contextValue))
  }

  #send(made: string | Promise<string>, cursor: string): void | Promise<void> {
    if (typeof made === 'string') return this.outlet.send(made, cursor)
    return made.then(json => this.outlet.send(json, cursor))
  }
}

const texts: Record<Ended['code'], string> = {
  SLOW_CONSUMER:
    'You did not take what was sent within some seconds: connect again, and go on behind `details.cursor`.',
  REFRESH_REQUIRED:
    'So much changed meanwhile that it is not told one by one: read anew what you need.',
}

export const toldOf = (ended: Ended | undefined): Failed | undefined =>
  ended && errorBody(ended.code, texts[ended.code], { cursor: ended.cursor }).errors

function formatted(errors: readonly unknown[] = [], { requestId }: OperationContext): Failed {
  noteFaults(errors, requestId)
  return errors.map(formattedOf)
}
