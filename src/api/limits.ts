import type { Measured } from './measure.js'

/** How much one operation may ask for, on every transport. */
export const limits = {
  /** Lexing a comment costs CPU and no token; what needs more room belongs into variables. */
  documentBytes: 64 * 1024,
  /** To say on which line a mistake is, graphql counts them from the beginning. */
  documentLines: 10_000,
  tokens: 1000,
  depth: 12,
  aliases: 30,
  rootFields: 10,
  cost: 5000,
  first: 100,
  /** Four times the longest list that is recorded, the members of a group: all of them are looked at. */
  variableValues: 4000,
  bodyBytes: 256 * 1024,
  /** Or so many times the request, if that is more. */
  answerBytes: 1024 * 1024,
  operationMs: 5000,
}
export type Limits = Readonly<typeof limits>

/** A limit that an operation breaks, as its refusal tells it. */
export interface Breach {
  readonly limit: keyof Limits
  readonly max: number
  readonly asked: number
}

/**
 * The first limit broken by what an operation measures. Introspection is deep, costs little and is
 * bounded by graphql's own rule, so an operation of nothing else is exempt from depth and cost.
 */
export function breach(size: Measured, limits: Limits): Breach | undefined {
  const introspects = size.fields > 0 && size.own === 0
  const asked: Partial<Record<keyof Limits, number>> = {
    rootFields: size.fields,
    aliases: size.aliases,
    ...(!introspects && { depth: size.depth, cost: size.cost }),
  }
  for (const [name, number] of Object.entries(asked)) {
    const limit = name as keyof Limits
    if (number > limits[limit]) return { limit, max: limits[limit], asked: number }
  }
  return undefined
}
