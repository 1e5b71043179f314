import type { ApolloServer, GraphQLRequest } from '@apollo/server'
import type { ApolloDriver } from '@nestjs/apollo'
import type { ModuleRef } from '@nestjs/core'
import { GraphQLModule } from '@nestjs/graphql'
import type { Admission } from '../api/admission.js'
import { tooLarge } from '../api/answer-size.js'
import { formattedOf, noteFaults } from '../api/errors.js'
import type { Limits } from '../api/limits.js'
import type { OperationContext } from '../api/pipeline.js'
import { tracedOperation } from '../api/traced.js'
import type { Principal } from '../auth/principal.js'
import { newCorrelationId } from '../commands/attempt.js'
import type { Stop } from './ending.js'
import type { Failed, Outlet } from './outlet.js'
import type { Subscriptions } from './subscriptions.js'

/** As which request it runs, and what is called at its end. */
export type Running = Omit<OperationContext, 'principal' | 'judged'> & { readonly end: () => void }

/** One that is no request of HTTP; `traceparent` is what its client says of its trace, whatever that is. */
export function running(traceparent: unknown): Running {
  const requestId = newCorrelationId()
  return { requestId, ...tracedOperation(requestId, traceparent) }
}

/** Runs operations that come by other ways than a request of HTTP: the same checks, the same answers. */
export class Operations {
  constructor(
    private readonly admission: Admission,
    private readonly subscriptions: Subscriptions,
    private readonly limits: Limits,
    private readonly modules: ModuleRef,
  ) {}

  /**
   * Runs one operation, of so many bytes, which is judged at once. Its answers and its end go to the outlet.
   * Resolves once it has begun to follow, or has ended, so that of thousands that follow nothing is kept
   * but what they need for that; rejects never.
   */
  async run(
    request: GraphQLRequest,
    bytes: number,
    principal: Principal,
    outlet: Outlet,
    signal: Stop,
    { end, ...known }: Running,
  ): Promise<void> {
    const context = { principal, ...known }
    const ended = (failed: Failed | undefined) => {
      end()
      outlet.end(failed)
    }
    try {
      const judged = this.admission.judge(request, principal)
      if ('operation' in judged && judged.operation.operation === 'subscription')
        await this.subscriptions.begin(judged, request, context, outlet, signal, ended)
      else ended(await this.#answer(request, bytes, { ...context, judged }, outlet))
    } catch (error) {
      noteFaults([error], known.requestId)
      ended([formattedOf(error)])
    }
  }

  /** By Apollo, so that all of its plugins hold here too. */
  async #answer(
    request: GraphQLRequest,
    bytes: number,
    contextValue: OperationContext,
    outlet: Outlet,
  ): Promise<Failed | undefined> {
    const { body } = await this.#apollo.executeOperation(request, { contextValue })
    if (body.kind !== 'single') throw new Error('An answer has come in parts')
    const { data, errors } = body.singleResult
    if (data === undefined) return errors ?? []
    const json = JSON.stringify({ ...(errors && { errors }), data })
    const refused = tooLarge(json, bytes, this.limits)
    if (refused) return refused.errors
    outlet.send(json)
    return undefined
  }

  /** Made by Nest after all that it is made of. */
  get #apollo(): ApolloServer<Partial<OperationContext>> {
    return this.modules.get<GraphQLModule<ApolloDriver>>(GraphQLModule, { strict: false })
      .graphQlAdapter.instance
  }
}
