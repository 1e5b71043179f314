import type { GraphQLSchema } from 'graphql'
import type { Pool } from './random-requests.mjs'

/** How a request gets to /graphql. */
export type Send = (request: {
  readonly body: Buffer | string
  readonly headers: Record<string, string>
}) => Promise<{ readonly status: number; readonly text: string }>

export declare function seeded(
  ask: (query: string, variables?: object) => Promise<{ data?: any }>,
): Promise<Pool>
export declare function randomQueries(
  send: Send,
  schema: GraphQLSchema,
  pool: Pool,
  count: number,
  seed: number,
): Promise<{ readonly faults: readonly string[]; readonly answered: number }>
export declare function malformedBodies(
  send: Send,
  schema: GraphQLSchema,
  pool: Pool,
  count: number,
  seed: number,
): Promise<readonly string[]>
export declare function malformedSockets(
  url: string,
  authorization: string,
  count: number,
  seed: number,
): Promise<readonly string[]>
