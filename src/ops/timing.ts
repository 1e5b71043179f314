import type { ApolloServerPlugin } from '@apollo/server'
import { Kind, type OperationDefinitionNode } from 'graphql'
import type { Metrics } from './metrics.js'

/** Times each operation, and counts what became of each command. */
export const timing = (metrics: Metrics): ApolloServerPlugin => ({
  async requestDidStart() {
    const started = process.hrtime.bigint()
    return {
      async willSendResponse({ operation, response, errors }) {
        const seconds = Number(process.hrtime.bigint() - started) / 1e9
        const ran = response.body.kind === 'single' && 'data' in response.body.singleResult
        metrics.operationTook(seconds, ran && operation ? labelOf(operation) : undefined)
        if (operation?.operation !== 'mutation') return
        const [error] =
          response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : []
        metrics.commandEnded(errors?.length ? String(error?.extensions?.code) : 'DONE')
      },
    }
  },
})

/** The first root field: the schema bounds those, while clients name operations as they like. */
function labelOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const [first] = selectionSet.selections
  return first?.kind === Kind.FIELD ? first.name.value : operation
}
