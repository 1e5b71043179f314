import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  UniqueFragmentNamesRule,
  validate,
} from 'graphql'
import { documentsOf } from './documents.js'
import { refusal, withCode } from './errors.js'

/**
 * Fragments that no operation asks for, or whose name another one has, are measured with none: what
 * else is asked of a document could take long to read them.
 */
const unmeasured = [UniqueFragmentNamesRule, NoUnusedFragmentsRule]

/** Why a document is not valid, whatever its variables; so many mistakes are told, and a valid one is kept. */
export function invalid(
  schema: GraphQLSchema,
  document: DocumentNode,
  errorsMax: number,
): readonly GraphQLError[] {
  const documents = documentsOf(schema)
  if (documents.has(document)) return []
  const [loose] = validate(schema, document, unmeasured, { maxErrors: 1 })
  if (loose) return [withCode(loose, 'GRAPHQL_VALIDATION_FAILED')]
  const errors = validate(schema, document, undefined, { maxErrors: errorsMax })
  const unserved = operationsOf(document).filter(one => !schema.getRootType(one.operation))
  if (errors.length === 0 && unserved.length === 0) documents.add(document)
  return [
    ...errors.slice(0, errorsMax).map(error => withCode(error, 'GRAPHQL_VALIDATION_FAILED')),
    ...unserved
      .slice(0, 1)
      .map(({ operation }) =>
        refusal('GRAPHQL_VALIDATION_FAILED', `There is no ${operation} here.`, 400),
      ),
  ]
}

export const operationsOf = ({ definitions }: DocumentNode) =>
  definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  )
