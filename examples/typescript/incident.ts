import { initGraphQLTada } from 'gql.tada'
import { print } from 'graphql'
import type { TadaDocumentNode } from 'gql.tada'
import type { introspection } from './schema.js'

/** Types of every field, argument and refusal code come from the schema of the ledger itself. */
const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: { DateTime: string; Cursor: string; JSON: Record<string, unknown> }
}>()
type RejectionCode = ReturnType<typeof graphql.scalar<'RejectionCode'>>

const url = process.env.LEDGER_URL ?? 'http://127.0.0.1:4000'
const key = process.env.LEDGER_KEY
if (!key) throw new Error('Set LEDGER_KEY to an API key, such as the one in data/admin.key.')

/** An answer of the ledger, and not a fault: `code` is one of the schema's. */
class Refused extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(`${code}: ${message}`)
  }
}

const triesMax = 5

/** After these the same request may be sent again; a mutation only with a `commandId`. */
const passing: readonly RejectionCode[] = ['STORE_UNAVAILABLE', 'TIMEOUT', 'BUSY', 'NOT_CAUGHT_UP']

/** Sends an operation until it is answered: whatever was lost on the way is done once, thanks to its commandId. */
async function ask<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  for (let tries = 1; ; tries++) {
    try {
      return await sent(document, variables)
    } catch (error) {
      const canPass = error instanceof Refused ? passing.includes(error.code) : isOfNetwork(error)
      if (!canPass || tries === triesMax) throw error
      await new Promise(resolve => setTimeout(resolve, 100 * 2 ** tries))
    }
  }
}

/** What fetch throws when there was no answer. */
const isOfNetwork = (error: unknown) => error instanceof TypeError

async function sent<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: print(document), variables }),
  })
  const { data, errors } = (await response.json()) as {
    data?: Data
    errors?: { message: string; extensions: { code: RejectionCode; details?: {} } }[]
  }
  const [first] = errors ?? []
  if (first) throw new Refused(first.extensions.code, first.message, first.extensions.details)
  return data!
}

const declare = graphql(`
  mutation Declare($input: DeclareIncidentInput!, $options: CommandOptions) {
    declareIncident(input: $input, options: $options) {
      incident {
        id
        reference
        effectiveSeverity
        viewerCan
      }
    }
  }
`)
const observe = graphql(`
  mutation Observe($id: ID!, $text: String!, $options: CommandOptions) {
    recordObservation(incidentId: $id, input: { text: $text }, options: $options) {
      revision
      events {
        id
      }
    }
  }
`)
const downgrade = graphql(`
  mutation Downgrade($id: ID!, $level: SeverityLevel!) {
    setSeverity(incidentId: $id, input: { level: $level }) {
      revision
    }
  }
`)
const look = graphql(`
  query Look($id: ID!) {
    incident(id: $id) {
      status
      timeline {
        nodes {
          occurredAt
          sentence
        }
      }
    }
  }
`)

/** In earnest this is the id of the message or alert that the command comes from. */
const cause = process.argv[2] ?? `example-${Date.now()}`

const { declareIncident } = await ask(declare, {
  input: { title: 'Checkout is slow', severity: 'SEV2' },
  options: { commandId: cause },
})
const { id, reference, viewerCan } = declareIncident.incident
console.log(`${reference} is declared; now one may do ${viewerCan.length} things.`)

// The network is lost and the client sends it again: one entry, and the same answer twice.
const entry = { id, text: 'Lock waits rise', options: { commandId: `${cause}-observed` } }
const [first, again] = [await ask(observe, entry), await ask(observe, entry)]
console.log(
  `Recorded once: ${first.recordObservation.events[0]?.id === again.recordObservation.events[0]?.id}`,
)

try {
  await ask(downgrade, { id, level: 'SEV3' })
} catch (error) {
  if (!(error instanceof Refused) || error.code !== 'REASON_REQUIRED') throw error
  console.log(`Refused, and nothing changed: ${error.code} in ${error.details.field}`)
}

const { incident } = await ask(look, { id })
for (const { occurredAt, sentence } of incident.timeline.nodes)
  console.log(`${occurredAt}  ${sentence}`)
