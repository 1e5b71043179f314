import type { GraphQLSchema } from 'graphql'

export declare class Random {
  constructor(seed: number)
  next(): number
  below: (max: number) => number
  chance: (probability: number) => boolean
  pick: <T>(list: readonly T[]) => T
}
export interface Pool {
  readonly ids: readonly string[]
  readonly texts: readonly string[]
  readonly times: readonly string[]
  readonly cursors: readonly string[]
}
export interface Asked {
  readonly query: string
  readonly variables: object
}
export declare function randomQuery(schema: GraphQLSchema, random: Random, pool: Pool): Asked
export declare function malformedRequest(
  random: Random,
  example: Asked,
): { readonly body: Buffer; readonly headers: Record<string, string> }
export declare function faultIn(status: number, text: string, bytesMax?: number): string | undefined
