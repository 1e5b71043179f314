import type { GraphQLRequest } from '@apollo/server'
import type { GraphQLSchema } from 'graphql'
import type { Principal } from '../auth/principal.js'
import type { Rates } from '../auth/rates.js'
import { refusal } from './errors.js'
import type { Limits } from './limits.js'
import { asError, limited, ratesOf, refusedCost } from './rated.js'
import type { TrustedDocuments } from './trusted-documents.js'
import { type Verdict, verdict } from './verdict.js'

/** What became of a request, and what HTTP says of the allowance that it was taken from. */
export type Judged = Verdict & { readonly headers: readonly (readonly [string, string])[] }

/** What every request passes before anything of it runs, written once for all transports. */
export class Admission {
  #schema: GraphQLSchema | undefined

  constructor(
    private readonly limits: Limits,
    private readonly documents: TrustedDocuments,
    private readonly rates: Rates,
  ) {}

  /** What is asked from now on is asked of this schema. */
  serve(schema: GraphQLSchema): void {
    this.#schema = schema
  }

  /**
   * What is left to whoever asks → documents known → verdict; paid for, so it is asked once a request.
   * Puts the document that a request names in its place. Throws before there is a schema.
   */
  judge(request: GraphQLRequest, principal: Principal | undefined): Judged {
    const allowance = principal && this.rates.allowanceOf(principal)
    // Nothing of a request is looked at that its principal has nothing left for.
    if (allowance?.isEmpty)
      return { refused: [asError(limited(this.rates, allowance))], headers: [] }
    const judged = this.#judged(request, principal)
    allowance?.take('cost' in judged ? judged.cost : refusedCost)
    return { ...judged, headers: allowance ? ratesOf(allowance) : [] }
  }

  #judged(request: GraphQLRequest, principal: Principal | undefined): Verdict {
    if (!this.#schema) throw new Error('Nothing is served yet')
    // Who is unknown is not told which documents are known.
    const unknown = principal && (this.documents.admit(request) ?? incomplete(request))
    if (unknown) return { refused: [unknown] }
    const { query, operationName, variables } = request
    return verdict(this.#schema, query ?? '', operationName, variables, principal, this.limits)
  }
}

function incomplete({ query, extensions }: GraphQLRequest) {
  // In the words by which Apollo's clients know that they need not try again.
  if (extensions?.persistedQuery) return refusal('BAD_REQUEST', 'PersistedQueryNotSupported', 400)
  return query ? undefined : refusal('BAD_REQUEST', 'There is no `query` in the request.', 400)
}
