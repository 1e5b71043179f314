import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql'
import type { Principal } from '../auth/principal.js'
import { lacking } from '../auth/scopes.js'
import { type Limits, breach, limits as usual } from './limits.js'
import { Measure, type Measured, type Variables } from './measure.js'
import { documentsOf } from './documents.js'
import { keyNeeded, refusal, withCode } from './errors.js'
import { invalid, operationsOf } from './invalid.js'
import { hasMoreThan, mistakesIn } from './variables.js'

/** An operation that may run, or why it may not: at least one error, each with its code. */
export type Verdict =
  | {
      readonly document: DocumentNode
      readonly operation: OperationDefinitionNode
      readonly cost: number
    }
  | { readonly refused: readonly [GraphQLError, ...GraphQLError[]] }

/** Of many mistakes, in a document or in variables, the first few are told. */
const errorsMax = 3

/**
 * What every operation passes before anything of it runs, the same on every transport:
 * who asks → parse → limits → validate → scopes → variables. Who is unknown learns nothing of the schema.
 */
export function verdict(
  schema: GraphQLSchema,
  source: string | DocumentNode,
  operationName: string | null | undefined,
  variables: Variables | null | undefined,
  principal: Principal | undefined,
  limits: Limits = usual,
): Verdict {
  if (!principal) return refused(refusal('UNAUTHENTICATED', keyNeeded, 401))
  const document = typeof source === 'string' ? parsed(schema, source, limits) : source
  if (document instanceof GraphQLError) return refused(document)
  const operation = operationOf(document, operationName)
  if (operation instanceof GraphQLError) return refused(operation)
  const sizes = sizesOf(schema, document, operation, variables ?? {}, limits)
  const tooMuch = overLimits(operation, sizes, limits)
  if (tooMuch) return refused(tooMuch)
  const [first, ...more] = invalid(schema, document, errorsMax)
  if (first) return refused(first, ...more)
  const size = sizes.get(operation)!
  const forbidden = outOfScope(size, principal)
  if (forbidden) return refused(forbidden)
  const [wrong, ...others] = unfit(schema, operation, variables ?? {}, limits)
  if (wrong) return refused(wrong, ...others)
  // Introspection may measure more than the limit, which it is exempt from.
  const cost = Math.min(Math.max(1, size.cost), limits.cost)
  return { document, operation, cost }
}

const refused = (first: GraphQLError, ...more: GraphQLError[]): Verdict => ({
  refused: [first, ...more],
})

function parsed(schema: GraphQLSchema, text: string, limits: Limits): DocumentNode | GraphQLError {
  const known = documentsOf(schema).get(text)
  if (known) return known
  const max = limits.documentBytes
  if (text.length > max || Buffer.byteLength(text) > max)
    return refusal('TOO_LARGE', `A document is at most ${max} bytes; use variables.`, 413)
  try {
    const document = parse(text, { maxTokens: limits.tokens })
    const isLong = (document.loc?.endToken.line ?? 0) > limits.documentLines
    return isLong ? tooManyLines(limits) : document
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const isLong = error.message.includes(`more that ${limits.tokens} tokens`)
    return isLong
      ? tooComplex({ limit: 'tokens', max: limits.tokens })
      : withCode(error, 'GRAPHQL_PARSE_FAILED')
  }
}

const tooManyLines = ({ documentLines: max }: Limits) =>
  refusal('TOO_LARGE', `A document is at most ${max} lines; use variables.`, 413)

function operationOf(
  document: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | GraphQLError {
  const all = operationsOf(document)
  const asked = name ? all.filter(one => one.name?.value === name) : all
  if (asked.length === 1 || (asked.length > 1 && name)) return asked[0]!
  const what =
    all.length > 1 && !name ? 'Name the operation to run.' : 'There is no such operation.'
  return refusal('OPERATION_RESOLUTION_FAILURE', what, 400)
}

type Sizes = ReadonlyMap<OperationDefinitionNode, Measured>

/** All operations, since validation reads all; the variables are those of the one that runs. */
function sizesOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  runs: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): Sizes {
  const fragments = fragmentsOf(document)
  return new Map(
    operationsOf(document).map(operation => {
      const known = sizeKnown.get(operation)
      if (known) return [operation, known]
      const given = operation === runs ? variables : {}
      const size = new Measure(schema, fragments, operation, given, limits.first).measured()
      if (!size.varies) sizeKnown.set(operation, size)
      return [operation, size]
    }),
  )
}

/** Walking an operation costs a tenth of a request; a document sent again is the same object. */
const sizeKnown = new WeakMap<OperationDefinitionNode, Measured>()

const fragmentsOf = ({ definitions }: DocumentNode) =>
  new Map(
    definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map(node => [node.name.value, node]),
  )

function overLimits(
  runs: OperationDefinitionNode,
  sizes: Sizes,
  limits: Limits,
): GraphQLError | undefined {
  for (const size of sizes.values()) {
    const broken = breach(size, limits)
    if (broken) return tooComplex(broken)
  }
  const { own, wrongFirst } = sizes.get(runs)!
  if (runs.operation === 'mutation' && own > 1)
    return refusal('ONE_MUTATION_ONLY', 'One command per request.', 400)
  if (wrongFirst.length === 0) return undefined
  return refusal('INVALID_INPUT', `\`first\` is 1 to ${limits.first}.`, 400, { fields: ['first'] })
}

const tooComplex = (broken: { limit: string; max: number; asked?: number }) =>
  refusal('TOO_COMPLEX', `This asks for too much: ${broken.limit} is at most ${broken.max}.`, 400, {
    ...broken,
  })

function unfit(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Variables,
  limits: Limits,
): readonly GraphQLError[] {
  const max = limits.variableValues
  if (hasMoreThan(max, operation, variables))
    return [refusal('INVALID_INPUT', `Variables hold at most ${max} values.`, 400, { max })]
  return mistakesIn(schema, operation, variables, errorsMax).map(error =>
    withCode(error, 'BAD_USER_INPUT'),
  )
}

function outOfScope({ scopes }: Measured, principal: Principal): GraphQLError | undefined {
  const missing = [...scopes].find(scope => !principal.scopes.has(scope))
  if (!missing) return undefined
  const { code, message, details } = lacking(missing)
  return refusal(code, message, 403, details)
}
